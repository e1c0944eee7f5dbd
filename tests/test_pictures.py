"""Reading pictures of every kind, and making renditions."""

import threading
from contextlib import suppress
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms

from indexes import colour
from indexes.pictures import FORMATS, PictureError, decode, render
from tests.image_server import encoded, painting

RED, WHITE = (255, 0, 0), (255, 255, 255)


def halves(mode: str = "RGB", left: Any = RED, right: Any = WHITE) -> Image.Image:
    """40 x 20 pixels, the left half in one colour and the right half in another."""
    image = Image.new(mode, (40, 20), right)
    image.paste(left, (0, 0, 20, 20))
    return image


def corners(picture: Image.Image) -> list[Any]:
    right, bottom = picture.width - 1, picture.height - 1
    return [picture.getpixel(at) for at in ((0, 0), (right, 0), (0, bottom), (right, bottom))]


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_we_name_is_read(kind: str) -> None:
    picture = decode(encoded(painting(64, 48), kind))
    assert (picture.mode, picture.size) == ("RGB", (64, 48))
    difference = np.abs(np.asarray(picture, dtype=int) - np.asarray(painting(64, 48), dtype=int))
    assert difference.mean() < 6


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_pictures_stand_upright(kind: str, orientation: int) -> None:
    upright = Image.new("RGB", (40, 24), "white")
    upright.paste("black", (0, 0, 16, 8))
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }  # fmt: skip
    stored = upright.transpose(undo[orientation]) if orientation in undo else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(stored, kind, exif=exif)
    assert (np.asarray(decode(data).convert("L")) < 128).tolist() == (np.asarray(upright.convert("L")) < 128).tolist()
    rendition = render(data)
    assert (rendition.width, rendition.height) == (40, 24)
    assert Image.open(BytesIO(rendition.small)).size == (40, 24)


def test_damaged_orientation_data_costs_no_picture() -> None:
    assert decode(encoded(painting(40, 30), exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff")).size == (40, 30)


def test_print_inks_become_light() -> None:
    data = encoded(halves("CMYK", (0, 255, 255, 0), (0, 0, 0, 0)), "JPEG", quality=95)
    assert b"Adobe" in data  # such files hold their inks inverted
    left, right = corners(decode(data))[:2]
    assert np.abs(np.array(left) - RED).max() < 12
    assert np.abs(np.array(right) - WHITE).max() < 12


def test_transparency_lies_on_white() -> None:
    assert corners(decode(encoded(halves("RGBA", (*RED, 255), (0, 0, 0, 0)), "PNG")))[:2] == [RED, WHITE]
    assert corners(decode(encoded(halves("LA", (90, 255), (0, 0)), "PNG")))[:2] == [(90, 90, 90), WHITE]
    assert corners(decode(encoded(halves("RGBA", (*RED, 128), (0, 0, 0, 0)), "PNG")))[0] == (255, 127, 127)


def test_a_transparent_palette_colour_is_white() -> None:
    image = halves("P", 1, 2)
    image.putpalette([0, 0, 0, *RED, 0, 0, 255])
    assert corners(decode(encoded(image, "PNG", transparency=2)))[:2] == [RED, WHITE]
    assert corners(decode(encoded(image, "GIF", transparency=2)))[:2] == [RED, WHITE]
    assert corners(decode(encoded(image, "PNG")))[:2] == [RED, (0, 0, 255)]


def test_a_transparent_plain_colour_is_white() -> None:
    assert corners(decode(encoded(halves("RGB", RED, (0, 0, 9)), "PNG", transparency=(0, 0, 9))))[:2] == [RED, WHITE]
    assert corners(decode(encoded(halves("1", 1, 0), "PNG")))[:2] == [WHITE, (0, 0, 0)]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (np.array([[0, 32896, 65535]], dtype=np.uint16), "PNG"),
        (np.array([[0, 32896, 65535]], dtype=np.uint16), "TIFF"),
        (np.array([[0, 32896, 65535]], dtype=np.int32), "TIFF"),
        (np.array([[0, 128, 255]], dtype=np.int32), "TIFF"),
        (np.array([[0, 128 / 255, 1]], dtype=np.float32), "TIFF"),
        (np.array([[0, 32896, 65535]], dtype=np.float32), "TIFF"),
        (np.array([[-5, 128 * 1000, 255 * 1000]], dtype=np.float32), "TIFF"),
    ],
)
def test_deep_greys_are_scaled_not_clipped(values: Any, kind: str) -> None:
    image = Image.fromarray(np.repeat(np.repeat(values, 8, axis=0), 8, axis=1))
    picture = decode(encoded(image, kind))
    assert [picture.getpixel((at, 0)) for at in (0, 8, 16)] == [(0, 0, 0), (128, 128, 128), (255, 255, 255)]


def test_a_dark_16_bit_picture_stays_dark_and_a_black_one_black() -> None:
    dark = Image.fromarray(np.full((8, 8), 257, dtype=np.uint16))
    assert decode(encoded(dark, "PNG")).getpixel((0, 0)) == (1, 1, 1)
    nothing = Image.fromarray(np.full((8, 8), np.nan, dtype=np.float32))
    assert decode(encoded(nothing, "TIFF")).getpixel((0, 0)) == (0, 0, 0)


def test_lab_colours_are_converted() -> None:
    lab = Image.new("LAB", (16, 16))
    lab.paste((255, 128, 128), (0, 0, 16, 16))
    assert np.abs(np.array(decode(encoded(lab, "TIFF")).getpixel((0, 0))) - WHITE).max() <= 1


def test_a_colour_profile_is_honoured() -> None:
    linear = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    while b"s\0R\0G\0B" in linear:  # so that it is not taken for what it no longer is
        at = linear.index(b"s\0R\0G\0B")
        linear[at : at + 7] = b"l\0i\0n\0x"
    at = linear.index(b"para", 128)
    linear[at + 8 : at + 12] = b"\0\0\0\0"  # a curve of the first kind: the power alone
    linear[at + 12 : at + 16] = b"\0\x01\0\0"  # of 1
    grey = Image.new("RGB", (16, 16), (55, 55, 55))
    assert decode(encoded(grey, "PNG", icc_profile=bytes(linear))).getpixel((0, 0)) == (128, 128, 128)
    assert decode(encoded(grey, "PNG")).getpixel((0, 0)) == (55, 55, 55)


def test_a_profile_that_says_nothing_new_or_cannot_be_read_changes_nothing() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    plain = corners(decode(encoded(halves(), "PNG")))
    assert corners(decode(encoded(halves(), "PNG", icc_profile=srgb))) == plain
    assert corners(decode(encoded(halves(), "PNG", icc_profile=b"no profile at all"))) == plain
    assert corners(decode(encoded(halves("L", 9, 200), "PNG", icc_profile=srgb)))[0] == (9, 9, 9)


def test_an_animation_is_its_first_frame() -> None:
    data = encoded(halves(), "GIF", save_all=True, append_images=[halves(left=(0, 0, 255))], duration=50)
    assert corners(decode(data))[0] == RED


def refusal(data: bytes, **limits: int) -> str:
    with pytest.raises(PictureError) as caught:
        decode(data, **limits)
    assert caught.value.reason == str(caught.value)
    assert caught.value.reason.strip()
    return caught.value.status


def test_refusals_have_a_fixed_status() -> None:
    assert refusal(b"") == "empty"
    assert refusal(b"<!DOCTYPE html><title>Not found</title>") == "not an image"
    assert refusal(b"%PDF-1.7 ...") == "unsupported format"
    assert refusal(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n") == "unsupported format"
    assert refusal(b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>') == "unsupported format"
    assert refusal(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic") == "unsupported format"
    assert refusal(encoded(painting(64, 64), "JPEG2000")) == "unsupported format"
    assert refusal(b"\x89PNG\r\n\x1a\n" + b"\0" * 90 + b"IEND") == "corrupt"
    assert refusal(encoded(Image.new("RGB", (7, 600)), "PNG")) == "too small"


def test_too_many_pixels_are_refused_from_the_header_alone() -> None:
    assert refusal(encoded(Image.new("1", (100, 101)), "PNG"), max_pixels=10_000) == "too many pixels"
    assert decode(encoded(Image.new("1", (100, 100)), "PNG"), max_pixels=10_000).size == (100, 100)
    for side in (10_000, 14_000):  # PIL would warn about the one and refuse the other
        bomb = bytearray(encoded(Image.new("L", (8, 8)), "BMP"))
        bomb[18:26] = side.to_bytes(4, "little") * 2
        assert refusal(bytes(bomb)) == "too many pixels"


@pytest.mark.parametrize("kind", FORMATS)
def test_a_file_cut_anywhere_is_refused_or_whole(kind: str) -> None:
    data = encoded(painting(48, 40), kind)
    statuses = set()
    for length in range(1, len(data) - 40, max(1, len(data) // 40)):
        try:
            decode(data[:length])
        except PictureError as error:
            statuses.add(error.status)
    assert statuses <= {"truncated", "corrupt", "not an image"}
    if kind in {"JPEG", "PNG", "WEBP"}:
        assert refusal(data[: len(data) // 2]) == "truncated"


def test_damage_within_a_png_is_said() -> None:
    data = encoded(painting(48, 40), "PNG")
    pixels = data.index(b"IDAT") + 4
    for place in range(pixels, data.index(b"IEND") - 8, 97):
        damaged = bytearray(data)
        damaged[place] ^= 0xFF
        assert refusal(bytes(damaged)) in {"corrupt", "truncated"}
        with pytest.raises(PictureError):
            render(bytes(damaged))


@given(
    st.binary(max_size=300), st.sampled_from([b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF", b"BM"])
)
def test_no_bytes_raise_anything_else(tail: bytes, head: bytes) -> None:
    with suppress(PictureError):
        decode(head + tail)


def test_renditions_have_bounded_sides_and_the_original_size() -> None:
    rendition = render(encoded(painting(1500, 1000), "PNG"))
    assert rendition.large is not None
    assert Image.open(BytesIO(rendition.small)).size == (400, 267)
    assert Image.open(BytesIO(rendition.large)).size == (1200, 800)
    assert (rendition.width, rendition.height) == (1500, 1000)


def test_nothing_is_enlarged_and_a_large_rendition_must_be_worth_it() -> None:
    assert Image.open(BytesIO(render(encoded(painting(90, 60), "PNG")).small)).size == (90, 60)
    assert render(encoded(painting(600, 300), "PNG")).large is None
    large = render(encoded(painting(602, 300), "PNG")).large
    assert large is not None
    assert Image.open(BytesIO(large)).size == (602, 300)


def test_a_thin_picture_keeps_at_least_one_pixel() -> None:
    rendition = render(encoded(painting(8, 9000), "PNG"))
    assert Image.open(BytesIO(rendition.small)).size == (1, 400)


def test_a_plain_jpeg_is_kept_as_it_is() -> None:
    fits_small, fits_large = encoded(painting(300, 200), quality=90), encoded(painting(1000, 700), quality=90)
    assert render(fits_small).small == fits_small
    assert render(fits_large).large == fits_large
    assert Image.open(BytesIO(render(fits_large).small)).size == (400, 280)


def test_a_jpeg_that_browsers_would_show_otherwise_is_made_anew() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    for data in (
        encoded(painting(300, 200), exif=exif),
        encoded(painting(300, 200).convert("CMYK")),
        encoded(painting(300, 200)) + b"\0" * 300_000,
    ):
        made = Image.open(BytesIO(render(data).small))
        assert (made.mode, max(made.size), made.getexif().get(0x0112)) == ("RGB", 300, None)


def test_renditions_are_the_same_every_time_and_hold_no_foreign_data() -> None:
    data = encoded(painting(900, 700), "JPEG", comment=b"secret", quality=98, icc_profile=b"x" * 999_999)
    assert render(data) == render(data)
    rendition = render(data)
    assert b"secret" not in rendition.small + (rendition.large or b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_a_huge_picture_is_decoded_at_a_fraction_of_its_size(kind: str) -> None:
    data = encoded(painting(3000, 2000), kind)
    assert decode(data).size == (3000, 2000)
    assert decode(data, side=700).size == (750, 500)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "LA", "L", "P", "CMYK", "I;16", "F", "1"])
def test_a_reduced_picture_looks_as_it_would_whole(mode: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(colour, "_BAND", 20_000)
    upright = Image.new("RGB", (203, 301), "white")
    upright.paste("black", (0, 0, 90, 200))
    image = upright.convert("L").convert("F").point(lambda value: value * 257) if mode in ("I;16", "F") else upright
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image).astype(np.uint16))
    data = encoded(image.convert(mode) if mode not in ("I;16", "F") else image, "TIFF")
    whole, reduced = decode(data), decode(data, side=100)
    assert reduced.size == (68, 101)
    expected = np.asarray(whole.reduce(3), dtype=int)
    assert np.abs(np.asarray(reduced, dtype=int) - expected).max() <= 1


def test_the_colour_is_the_mean() -> None:
    assert render(encoded(halves(left=(0, 0, 0), right=(255, 255, 255)), "PNG")).colour == "#808080"
    assert render(encoded(halves(left=RED, right=RED), "PNG")).colour == "#ff0000"


def test_threads_may_decode_at_the_same_time() -> None:
    data, sizes = encoded(painting(200, 150)), []
    threads = [threading.Thread(target=lambda: sizes.append(decode(data).size)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sizes == [(200, 150)] * 8
