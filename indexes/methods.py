"""The methods of likeness: what each compares, said in a sentence, and how its encoder is opened."""

from dataclasses import dataclass
from pathlib import Path

from indexes.encoders import ImageEncoder
from indexes.release import MethodEntry


@dataclass(frozen=True, slots=True)
class Method:
    """One way to say that two works are alike."""

    name: str
    label: str
    sentence: str  # what it compares, for the visitor
    uploads: bool  # whether it can compare a picture that is not in the collection


METHODS = {
    method.name: method
    for method in (
        Method("clip", "Meaning", "What the picture shows and how, as a neural network sees it (CLIP).", True),
        Method("description", "Words", "What the records and descriptions of the works say.", False),
        Method("pixels", "Layout", "Light and colour place by place, in a picture of 32 by 32 dots.", True),
        Method("autoencoder", "Shape", "Shapes and tones, as a network trained on this collection sums them up.", True),
        Method("palette", "Colours", "Which colours there are and how much of each, wherever they stand.", True),
    )
}


def open_encoder(method: str, entry: MethodEntry, folder: Path, weights: Path | None = None) -> ImageEncoder:
    """The encoder of a method as a release was made with it; imports torch only where the method needs it.

    `folder` is the release's, `weights` a checkpoint of the operator's that replaces the one the release names.
    Raises EncoderError where it cannot be opened.
    """
    if method == "pixels":
        from indexes.encoders.pixels import PixelsEncoder

        return PixelsEncoder()
    if method == "palette":
        from indexes.encoders.palette import PaletteEncoder

        return PaletteEncoder()
    file = weights or (Path(entry.weights) if entry.weights else None)
    if method == "autoencoder":
        from indexes.encoders.autoencoder import AutoencoderEncoder

        return AutoencoderEncoder.open(folder / (entry.weights or ""))
    from indexes.encoders.clip import open_encoder as open_clip_encoder

    return open_clip_encoder(entry.encoder, file)
