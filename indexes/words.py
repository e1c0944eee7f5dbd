"""From text to its words: one analyser, for records and for queries alike."""

import re
import unicodedata
from collections.abc import Iterator

# Function words of English. Shorter than scikit-learn's list, which the Harvard recommender takes, and which also holds
# words that name what a picture shows: fire, bill, cry, side, top, detail, system.
STOP_WORDS = frozenset(
    """
    a about above after again against all also although am among an and any are as at be because been before being
    below between both but by can could d did do does doing down during each either else etc few for from further had
    has have having he hence her here hers herself him himself his how however i if in into is it its itself just l ll m
    me mine more most much my myself neither nor no not of off on once one only onto or other our ours ourselves out
    over own per perhaps re s same shall she should so some such t than that the their theirs them themselves then
    there therefore these they this those though through thus to too toward towards under until up upon us ve very via
    was we were what when where whether which while who whom whose why will with within without would yet you your
    yours yourself yourselves
    """.split()  # noqa: SIM905
)

# Runs of letters and digits. Chinese, Japanese kana and Korean are written without spaces between words, so each of
# their characters is a word of its own.
_WORD = re.compile(r"[぀-ヿ㐀-䶿一-鿿가-힯豈-﫿]|[^\W_぀-ヿ㐀-䶿一-鿿가-힯豈-﫿]+")


# Letters that Unicode does not take apart into a plain letter and an accent.
_PLAIN = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)


def fold(text: str) -> str:
    """The text without case and accents: `Dürer` and `DURER` fold alike."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_PLAIN)
    return unicodedata.normalize("NFC", plain)


def all_words(text: str) -> list[str]:
    """Every word of the text, folded, in order."""
    return _WORD.findall(fold(text))


def words(text: str) -> list[str]:
    """Every word of the text, folded, in order; stop words left out."""
    return [word for word in all_words(text) if word not in STOP_WORDS]


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each word of the text starts and ends, in order."""
    return (match.span() for match in _WORD.finditer(text))
