"""Words that people write often, in English above all, whether or not a collection knows them."""

import gzip
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_FILE = "bpe_simple_vocab_16e6.txt.gz"  # open_clip's own: the first line is no merge, and not all others are used
_MERGES = slice(1, 49_152 - 256 - 2 + 1)
_END = "</w>"
_LEAST = 4  # letters: shorter ones are parts of words and abbreviations as often as words


def is_familiar(word: str) -> bool:
    """Whether a folded word is one that people write often: no likely slip for another."""
    return word in _words()


@cache
def _words() -> frozenset[str]:
    """Those of which CLIP's tokenizer makes one token, being among the most frequent in the texts that it was made of.

    Read without importing open_clip, which takes seconds; the words take four megabytes.
    """
    package = find_spec("open_clip")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("open_clip_torch is not installed")
    merges = gzip.decompress((Path(package.origin).parent / _FILE).read_bytes()).decode().splitlines()[_MERGES]
    words = ("".join(merge.split()).removesuffix(_END) for merge in merges if merge.endswith(_END))
    return frozenset(word for word in words if len(word) >= _LEAST and word.isalpha())
