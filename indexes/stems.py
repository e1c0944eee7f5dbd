"""Word forms: which words are one word to a visitor.

English endings by the Snowball stemmer (Porter, "Snowball: a language for stemming algorithms", 2001); before it, our
own rules for what a museum's visitors type.
"""

import re
from functools import lru_cache
from types import MappingProxyType

import snowballstemmer

# Words that stand for another. A value is stemmed in turn, but for those in `_WHOLE`.
_SAME = MappingProxyType(
    {
        # People say photo, records say photograph, labels say photography.
        **dict.fromkeys(
            "photos photograph photographs photography photographic photographical photographed fotografie".split(),  # noqa: SIM905
            "photo",
        ),
        # Plurals that no ending shows.
        **{"men": "man", "women": "woman", "children": "child", "mice": "mouse", "geese": "goose", "feet": "foot"},
        **{"teeth": "tooth", "oxen": "ox", "wolves": "wolf", "leaves": "leaf", "knives": "knife", "lives": "life"},
        **{"calves": "calf", "loaves": "loaf", "thieves": "thief", "shelves": "shelf", "scarves": "scarf"},
        **{"halves": "half", "elves": "elf", "wives": "wife", "selves": "self"},
        # British and American.
        **{"grey": "gray", "greys": "gray", "jewellery": "jewelry", "theatre": "theater", "centre": "center"},
        **{"artefact": "artifact", "artefacts": "artifact", "aeroplane": "airplane", "aeroplanes": "airplane"},
        **{"plough": "plow", "ploughing": "plowing", "ploughs": "plow", "pyjamas": "pajamas", "mediaeval": "medieval"},
        **{"catalogue": "catalog", "catalogues": "catalog", "traveller": "traveler", "travellers": "traveler"},
    }
)
# Kinds of object keep clear of the verb: a query for paintings does not want painted steel or oil paint.
_WHOLE = MappingProxyType(
    {"painting": "painting", "paintings": "painting", "drawing": "drawing", "drawings": "drawing"}
)
# colour, harbours, watercolourist: the u that American spelling leaves out.
_BRITISH = re.compile(r"^((?:water)?col|harb|arm|hon|lab|neighb|fav|flav|parl|vap|hum|vig)our")


@lru_cache(maxsize=1 << 12)  # one query asks for the same few words again and again
def stem(word: str) -> str:
    """The stem that all forms of a folded word share; a word with a digit, or not in Latin letters, is its own."""
    if whole := _WHOLE.get(word):
        return whole
    if not word.isascii() or not word.isalpha() or len(word) < 3:
        return word
    plain = _BRITISH.sub(r"\1or", _SAME.get(word, word))
    # A stemmer of its own for each word: it keeps its state in itself, and threads of the service would share it.
    stemmed: str = snowballstemmer.stemmer("english").stemWord(plain)
    return stemmed
