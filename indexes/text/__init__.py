"""The words of a release: `fit` writes the index of `parts` of all works, `TextIndex` opens it."""

from indexes.ranking import Ranking
from indexes.text.build import fit
from indexes.text.fields import Document, Field, parts
from indexes.text.index import Posting, TextIndex

__all__ = ["Document", "Field", "Posting", "Ranking", "TextIndex", "fit", "parts"]
