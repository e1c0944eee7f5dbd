"""Words matched against the pictures themselves, and the fusion of that with the matches of the records."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from indexes.encoders import EncoderError, TextEncoder, Vectors
from indexes.loader import Encoders, Release
from indexes.ranking import Ranking

NOTHING = Ranking(np.empty(0, np.int32), np.empty(0, np.float32))

# A bare word is no caption, and CLIP learned from captions: its authors put such words into sentences and took the mean
# of their vectors (Radford and others, "Learning Transferable Visual Models From Natural Language Supervision", 2021,
# section 3.1.4). These say what a museum's pictures are. The Harvard recommender asked with bare
# words, and failed on short ones.
TEMPLATES = ("{}", "a painting of {}", "a drawing of {}", "a photo of {}, a museum object", "an artwork showing {}")
SHORT = 3  # words; a longer query reads like a caption and is taken as it stands


@dataclass(frozen=True, slots=True)
class Fusion:
    """The constants of the fusion, set by judged queries: docs/search.md has the figures."""

    constant: int = 5  # of reciprocal ranks: the higher, the more both rankings together outweigh the first of one
    added: int = 100  # works that the pictures alone may add to those that the words find


FUSION = Fusion()


def by_picture(release: Release, encoders: Encoders, text: str, wait: bool = True) -> tuple[Ranking, str | None]:
    """All works with a picture by its likeness to the words; none, and why, where that cannot be had.

    Raises EncoderError where the release's encoder cannot be opened; without `wait`, EncoderOpening while another
    request opens it.
    """
    entry = release.manifest.methods.get("clip")
    if entry is None or not entry.count:
        return NOTHING, "This collection has no pictures to match words with; the records were searched."
    if not entry.words:
        return NOTHING, "This collection's picture encoder knows no words; the records were searched."
    encoder = encoders.of(release, "clip", wait)
    if not isinstance(encoder, TextEncoder):
        raise EncoderError("method clip: the release says that its encoder knows words, but it does not")
    index = release.vectors["clip"]
    return index.search(encoders.use(place, encoder, text), len(index)), None


@lru_cache(maxsize=2048)  # a large CLIP takes tenths of a second for what is asked again for the next page
def place(encoder: TextEncoder, text: str) -> Vectors:
    """(d,) the unit vector of a text among pictures, not to be written to: of a short one, the mean over templates."""
    templates = TEMPLATES if len(text.split()) <= SHORT else TEMPLATES[:1]
    mean = encoder.encode_texts([template.format(text) for template in templates]).mean(axis=0)
    norm = float(np.linalg.norm(mean))
    vector: Vectors = (mean / norm if norm else mean).astype(np.float32)
    vector.flags.writeable = False
    return vector


def fuse(constant: int, *rankings: Ranking) -> Ranking:
    """Reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009).

    A work scores 1 / (constant + rank) in each ranking, scaled so that first in all is 1.
    """
    rows = np.unique(np.concatenate([ranking.rows for ranking in rankings]))
    scores = np.zeros(len(rows), np.float32)
    for ranking in rankings:
        scores[np.searchsorted(rows, ranking.rows)] += 1 / (constant + 1 + np.arange(len(ranking.rows)))
    return Ranking.of(rows, scores * np.float32((constant + 1) / len(rankings)))
