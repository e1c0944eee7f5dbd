"""What a query leaves no choice about: phrases, required dates, exclusions."""

import numpy as np
from numpy.typing import NDArray

from indexes.columns import Rows
from indexes.loader import Release
from indexes.search.evidence import COLOURED, Evidence, common_rows, overlap
from indexes.search.question import Question, is_stop
from indexes.text import TextIndex

# A work stays where no more of the years in which it was made are excluded: -1880s leaves out what is dated 1875-1885,
# but not what is merely said to be of the 19th century.
_UNLIKELY = 0.1


def allowed_works(release: Release, question: Question) -> NDArray[np.bool_] | None:
    """(works,): which works have all phrases and required dates and nothing that is excluded; None where all may be."""
    required = [wish for wish in question.wishes if wish.required]
    if not (question.phrases or question.excluded or required):
        return None
    allowed = np.ones(release.text.works, np.bool_)
    for phrase in question.phrases:
        holding = np.zeros_like(allowed)
        holding[_holding(release.text, phrase)] = True
        allowed &= holding
    for wish in required:
        evidence = Evidence.of(release, wish)
        meeting = evidence.met > 0 if evidence.met is not None else np.zeros_like(allowed)
        if evidence.posting is not None:
            meeting[evidence.posting.rows] = True
        allowed &= meeting
    for unwanted in question.excluded:
        allowed[_holding(release.text, unwanted.words)] = False
        if unwanted.colour and release.colours is not None:
            allowed &= release.colours.shares(unwanted.colour) < COLOURED
        if unwanted.span:
            allowed &= overlap(release.catalogue, unwanted.span) <= _UNLIKELY
    return allowed


def _holding(text: TextIndex, phrase: tuple[str, ...]) -> Rows:
    """The works that hold a word in any form, or the words of a phrase side by side."""
    terms = [text.term(word) for word in phrase]
    if len(phrase) == 1:
        return np.empty(0, np.int32) if terms[0] is None else text.posting(terms[0]).rows
    content = [term for term, word in zip(terms, phrase, strict=True) if not is_stop(word)] or terms
    if any(term is None for term in content):
        return np.empty(0, np.int32)
    rows = common_rows([text.posting(term).rows for term in content if term is not None])
    return rows[text.holding_phrases(rows, [phrase])[0]]
