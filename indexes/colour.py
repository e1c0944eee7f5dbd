"""Any kind of pixels, as 8-bit RGB: deep greys, palettes, transparency, print inks, colour profiles."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageCms

# The colour space a profile must be made for, by the pixels that it can explain.
_PROFILED = {"RGB": "RGB", "L": "GRAY", "CMYK": "CMYK", "LAB": "Lab"}

_BAND = 2_000_000  # pixels that are converted at once


def to_rgb(image: Image.Image) -> Image.Image:
    """A loaded picture of any mode as RGB in the sRGB colour space; what was transparent lies on white.

    A colour profile that cannot be used is passed over: slightly wrong colours serve better than no picture.
    """
    profile = image.info.get("icc_profile")
    if image.mode.startswith("I") or image.mode == "F":
        return _to_grey(image).convert("RGB")
    if image.has_transparency_data:
        image = _on_white(image)
    elif image.mode not in _PROFILED:
        image = image.convert("RGB")
    converted = _through_profile(image, profile)
    return converted if converted.mode == "RGB" else converted.convert("RGB")


def to_reduced_rgb(image: Image.Image, factor: int) -> Image.Image:
    """As `to_rgb`, at that fraction of its size; band by band, for conversions need several times its memory."""
    if image.mode in ("I", "F"):  # their range is that of the whole picture
        return to_rgb(image.reduce(factor))
    rows = max(1, _BAND // (image.width * factor)) * factor
    small = Image.new("RGB", (-(-image.width // factor), -(-image.height // factor)))
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        small.paste(to_rgb(band).reduce(factor), (0, top // factor))
    return small


def is_srgb(profile: bytes | None) -> bool:
    """Whether colours under this ICC profile (None: no profile) mean what they mean on the web."""
    if not profile:
        return True
    try:
        described = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(profile)))
    except (ImageCms.PyCMSError, OSError):
        return True
    return "srgb" in described.casefold()


def _to_grey(image: Image.Image) -> Image.Image:
    """Integer or floating-point greys as 8 bits, from the smallest usual range that holds them."""
    values = np.nan_to_num(np.asarray(image, dtype=np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    usual = (65535.0,) if image.mode.startswith("I;16") else (255.0, 65535.0) if image.mode == "I" else (1.0, 65535.0)
    highest = float(values.max())
    white = next((top for top in usual if highest <= top), highest)
    return Image.fromarray(np.rint(np.clip(values / white, 0, 1) * 255).astype(np.uint8))


def _on_white(image: Image.Image) -> Image.Image:
    layer = image.convert("RGBA")
    paper = Image.new("RGB", image.size, "white")
    paper.paste(layer, mask=layer.getchannel("A"))
    return paper


def _through_profile(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in sRGB where its profile can be applied; otherwise as it was."""
    if image.mode == "LAB":
        source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    elif not profile or is_srgb(profile):
        return image
    else:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
        except (ImageCms.PyCMSError, OSError):
            return image
    if source.profile.xcolor_space.strip() != _PROFILED[image.mode]:
        return image
    try:
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except ImageCms.PyCMSError:
        return image
    return converted or image
