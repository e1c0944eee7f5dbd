"""From text to the words that are searched: one analyser, for records and for queries alike."""

import re
import unicodedata

# Function words of English. Shorter than scikit-learn's list (seed A's), which also holds words that name what a
# picture shows: fire, bill, cry, side, top, detail, system.
STOP_WORDS = frozenset(
    """
    a about above after again against all also although am among an and any are as at be because been before being
    below between both but by can could d did do does doing down during each either else etc few for from further had
    has have having he hence her here hers herself him himself his how however i if in into is it its itself just ll m
    me mine more most much my myself neither nor no not of off on once one only onto or other our ours ourselves out
    over own per perhaps re s same shall she should so some such t than that the their theirs them themselves then
    there therefore these they this those though through thus to too toward towards under until up upon us ve very via
    was we were what when where whether which while who whom whose why will with within without would yet you your
    yours yourself yourselves
    """.split()  # noqa: SIM905
)

# Runs of letters and digits. Chinese, Japanese kana and Korean are written without spaces between words, so each of
# their characters is a word of its own, and phrases of up to three find the longer ones.
_WORD = re.compile(r"[぀-ヿ㐀-䶿一-鿿가-힯豈-﫿]|[^\W_぀-ヿ㐀-䶿一-鿿가-힯豈-﫿]+")


def fold(text: str) -> str:
    """The text without case and accents: `Dürer` and `DURER` fold alike."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def words(text: str) -> list[str]:
    """Every word of the text, folded, in order; stop words left out."""
    return [word for word in _WORD.findall(fold(text)) if word not in STOP_WORDS]
