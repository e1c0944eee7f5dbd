"""From text to its words: one analyser, for records and for queries alike."""

import re
import unicodedata
from collections.abc import Iterator
from types import MappingProxyType

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

# Letters that Unicode does not take apart into a plain letter and an accent.
_PLAIN = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
_MARKS = "".join(c for c in map(chr, range(0x300, 0x10000)) if unicodedata.category(c).startswith("M"))
# Marks without which a word is the same: those on Latin, Greek and Cyrillic letters, the points of Hebrew, Arabic and
# Syriac, and what chooses a character's shape. Those of other scripts are a part of the word.
_ACCENTS = (
    *((0x300, 0x36F), (0x483, 0x489), (0x591, 0x5C7), (0x610, 0x61A), (0x64B, 0x65F), (0x670, 0x670), (0x6D6, 0x6ED)),
    *((0x711, 0x711), (0x730, 0x74A), (0x8CA, 0x8FF), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF)),
    *((0x2DE0, 0x2DFF), (0xA66F, 0xA69F), (0xFE00, 0xFE0F), (0xFE20, 0xFE2F)),
)
# What stands for ayin, hamza and okina, or lengthens and stresses: letters to Unicode, which few people type.
_MODIFIERS = "".join(c for c in map(chr, range(0x2B9, 0x300)) if c.isalpha())
# Soft hyphens and joiners; and the quotation mark that opens, for within a word it is an okina or an ayin: Hawai‘i.
_SILENT = "\u00ad\u200c\u200d\u2018"
_FOLDED = MappingProxyType(
    dict.fromkeys(_MODIFIERS + _SILENT, "")
    | {c: "" for c in _MARKS if any(first <= ord(c) <= last for first, last in _ACCENTS)}
    | _PLAIN
)
_CHANGED = re.compile(f"[{''.join(_FOLDED)}]")

# Chinese, Japanese kana and Korean are written without spaces between words, so each of their characters is a word of
# its own. Any other word is a run of letters and digits, with the marks and silent characters that stand in it: vowels
# are marks in the scripts of India and Thailand.
_ALONE = "ぁ-ゖゝ-ゟァ-ヺー-ヿ㐀-䶿一-鿿가-힯豈-﫿"
_WORD = re.compile(rf"[{_ALONE}]|[^\W_{_ALONE}]++(?:[{_MARKS}{_SILENT}][^\W_{_ALONE}]*+)*+")


def fold(text: str) -> str:
    """The text without case, accents and the marks of transliteration: `Dürer` and `DURER`, `ʿAbbas` and `Abbas`."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", _CHANGED.sub(lambda found: _FOLDED[found[0]], decomposed))


def all_words(text: str) -> list[str]:
    """Every word of the text, folded, in order."""
    return _WORD.findall(fold(text))


def words(text: str) -> list[str]:
    """Every word of the text, folded, in order; stop words left out."""
    return [word for word in all_words(text) if word not in STOP_WORDS]


def word_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where each word of the text starts and ends, in order."""
    return (match.span() for match in _WORD.finditer(text))
