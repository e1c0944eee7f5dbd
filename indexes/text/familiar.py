"""Words that people write often, in English above all, whether or not a collection knows them."""

import gzip
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

_FILE = "bpe_simple_vocab_16e6.txt.gz"  # open_clip's own: the first line is no merge, and not all others are used
_MERGES = (1, 49_152 - 256 - 2 + 1)
_END = "</w>"
_LEAST = 4  # letters: shorter ones are parts of words and abbreviations as often as words


def is_familiar(word: str) -> bool:
    """Whether a folded word is one that people write often: no likely slip for another."""
    return f" {word} " in _words()


@cache
def _words() -> str:
    """Those of which CLIP's tokenizer makes one token, being among the most frequent in the texts that it was made of.

    With a space before and after each: a quarter of a megabyte, of which a set would make several. Read without
    importing open_clip, which takes seconds.
    """
    package = find_spec("open_clip")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("open_clip_torch is not installed")
    with gzip.open(Path(package.origin).parent / _FILE, "rt", encoding="utf-8") as merges:
        tokens = ("".join(merge.split()) for merge in islice(merges, *_MERGES))
        words = (token.removesuffix(_END) for token in tokens if token.endswith(_END))
        return f" {' '.join(word for word in words if len(word) >= _LEAST and word.isalpha())} "
