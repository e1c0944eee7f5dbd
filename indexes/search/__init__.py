"""Search by words: `understand` reads a query, `answer` finds what it asks for, `reasons` says why."""

from indexes.search.correction import Correction
from indexes.search.modes import MODES, Answer, Mode, answer
from indexes.search.question import Question, understand
from indexes.search.why import Reason, marked, reasons

__all__ = ["MODES", "Answer", "Correction", "Mode", "Question", "Reason", "answer", "marked", "reasons", "understand"]
