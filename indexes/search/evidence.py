"""What tells that works meet a wish: words in their records, a colour seen in their pictures, the years of making."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexes.catalogue import UNKNOWN, Catalogue
from indexes.columns import Rows
from indexes.loader import Release
from indexes.search.question import Wish, is_stop
from indexes.text import Field, Posting, TextIndex

# A picture is of a colour where a tenth of it is: less is a detail. Of 255, as `Colours` keeps shares.
COLOURED = 26


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """The posting of a word; of a colour or a date, how well each work meets it."""

    wish: Wish
    idf: float
    posting: Posting | None
    met: NDArray[np.float32] | None = None  # (rows,): how well, 0..1; 0 where not
    instead: Posting | None = None  # of a word that may have been meant

    @property
    def held(self) -> bool:
        """Whether there is anything that tells."""
        return self.posting is not None or self.met is not None

    @classmethod
    def of(cls, release: Release, wish: Wish) -> "Evidence":
        """What a release has to tell of a wish."""
        text = release.text
        posting, idf = None, 1.0
        if len(wish.words) == 1 and (term := text.term(wish.words[0])) is not None:
            posting, idf = text.posting(term), text.idf(term)
        elif wish.span is not None:
            posting = _titles_with(text, wish.words)
        if wish.span is not None:
            return cls(wish, idf, posting, overlap(release.catalogue, wish.span))
        if wish.colour is not None and release.colours is not None:
            shares = release.colours.shares(wish.colour)
            met = (np.where(shares >= COLOURED, shares, 0) / 255).astype(np.float32)
            if met.any():
                return cls(wish, idf, posting, met)
        other = text.term(wish.instead) if wish.instead else None
        return cls(wish, idf, posting, instead=None if other is None else text.posting(other))


def common_rows(groups: Sequence[Rows]) -> Rows:
    """The rows that are in all of the groups, of which there is at least one; ascending as they are."""
    common = min(groups, key=len)
    for others in groups:
        common = common[np.isin(common, others, assume_unique=True)]
    return common


def _titles_with(text: TextIndex, words: Sequence[str]) -> Posting | None:
    """The works that have all these words in the title, at no weight: a date that a title names."""
    terms = [text.term(word) for word in words if not is_stop(word)]
    if not terms or any(term is None for term in terms):
        return None
    postings = [text.posting(term) for term in terms if term is not None]
    rows = common_rows([posting.rows[(posting.fields & Field.TITLE) > 0] for posting in postings])
    return Posting(rows, np.zeros(len(rows), np.float32), np.full(len(rows), Field.TITLE, np.uint8))


def overlap(catalogue: Catalogue, span: tuple[int, int]) -> NDArray[np.float32]:
    """(rows,): how much of the time in which a work was made lies within the years, 0..1."""
    first, last = catalogue.years[:, 0].astype(np.int64), catalogue.years[:, 1].astype(np.int64)
    shared = np.minimum(last, span[1]) - np.maximum(first, span[0]) + 1
    inside = np.where(first != UNKNOWN, np.maximum(shared, 0) / (last - first + 1), 0)
    return inside.astype(np.float32)
