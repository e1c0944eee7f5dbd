"""Word forms: which words are one word to a visitor.

English endings by the Snowball stemmer (Porter, "Snowball: a language for stemming algorithms", 2001); before it, our
own rules for what a museum's visitors type.
"""

import re
from functools import lru_cache
from types import MappingProxyType

import snowballstemmer

# Words that stand for another, which is stemmed in turn.
_SAME = MappingProxyType(
    {
        # People say photo, records say photograph, labels say photography.
        **dict.fromkeys(
            "photos photograph photographs photography photographic photographical photographed fotografie".split(),  # noqa: SIM905
            "photo",
        ),
        # Plurals that no ending shows.
        **{"mice": "mouse", "geese": "goose", "feet": "foot", "teeth": "tooth", "oxen": "ox", "leaves": "leaf"},
        **{"lives": "life", "calves": "calf", "loaves": "loaf", "thieves": "thief", "scarves": "scarf"},
        **{"halves": "half", "elves": "elf", "selves": "self", "sheaves": "sheaf", "wharves": "wharf"},
        **{"hooves": "hoof", "dwarves": "dwarf", "men": "man", "women": "woman"},
        **{"putti": "putto", "graffiti": "graffito", "torsi": "torso", "cherubim": "cherub", "seraphim": "seraph"},
        **{"amphorae": "amphora", "fibulae": "fibula", "tesserae": "tessera", "matrices": "matrix"},
        **{"stela": "stele", "stelae": "stele", "stelai": "stele", "steles": "stele"},
        # As names are shortened.
        **{"st": "saint", "ste": "saint", "sts": "saint", "sainte": "saint", "mt": "mount", "dr": "doctor"},
        # Of words that keep apart.
        **{"animated": "animation", "conventional": "convention", "engineering": "engineer", "moored": "mooring"},
        **{"importance": "important"},
        # British and American.
        **{"grey": "gray", "greys": "gray", "jewellery": "jewelry", "theatre": "theater", "centre": "center"},
        **{"artefact": "artifact", "artefacts": "artifact", "aeroplane": "airplane", "aeroplanes": "airplane"},
        **{"plough": "plow", "ploughing": "plowing", "ploughs": "plow", "pyjamas": "pajamas", "mediaeval": "medieval"},
        **{"catalogue": "catalog", "catalogues": "catalog", "traveller": "traveler", "travellers": "traveler"},
    }
)
# Plurals of whatever word ends so: schoolchildren, midwives, tableaux.
_PLURALS = MappingProxyType(
    {"children": "child", "wives": "wife", "knives": "knife", "wolves": "wolf", "shelves": "shelf", "eaux": "eau"}
)
# So are words in -men, fishermen and washerwomen, but for these, and short ones: omen, Yemen.
_SHORT = 5  # letters
_NO_MEN = frozenset(
    """
    abdomen acumen albumen bitumen bloemen blumen bremen carmen catechumen cognomen cyclamen dolmen examen flamen
    foramen gravamen praenomen regimen specimen stamen tegmen tiananmen turkmen xiamen
    """.split()  # noqa: SIM905
)
# Words that the stemmer takes for forms of others; each is the stem of itself and of its plural. A query for paintings
# wants no painted steel, one for a Nativity no native people, one for corn no Cornelis.
_APART = frozenset(
    """
    painting drawing
    animation authority bowling compassion convention conversion department deposition deserted engineer experience
    heroine hospitality important informal initiation ironic marine mariner memorial mineral mooring nativity numeral
    officer parting pastoral petition positive procession protestant providence publication revelation several severe
    temperance united vegetation virginal visitation wilderness
    actionism capitalism concretism futurism mannerism naturalism
    angeles belle browning cornelis manning moore oliver wilde
    """.split()  # noqa: SIM905
)
_WHOLE = MappingProxyType(
    {form: word for word in _APART for form in (word, f"{word}s", word.removesuffix("y") + "ies")}
)
# colour, harbours, watercolourist: the u that American spelling leaves out.
_BRITISH = re.compile(r"^((?:water)?col|harb|arm|hon|lab|neighb|fav|flav|parl|vap|hum|vig)our")


@lru_cache(maxsize=1 << 12)  # one query asks for the same few words again and again
def stem(word: str) -> str:
    """The stem that all forms of a folded word share; a word with a digit, or not in Latin letters, is its own."""
    if not word.isascii() or not word.isalpha():
        return word
    plain = _SAME.get(word) or _singular(word)
    if whole := _WHOLE.get(plain):
        return whole
    if len(plain) < 3:
        return plain
    # A stemmer of its own for each word: it keeps its state in itself, and threads of the service would share it.
    stemmed: str = snowballstemmer.stemmer("english").stemWord(_BRITISH.sub(r"\1or", plain))
    return stemmed


def _singular(word: str) -> str:
    """The word itself, but for plurals that the stemmer does not know."""
    if word.endswith("men") and len(word) > _SHORT and word not in _NO_MEN:
        return word.removesuffix("men") + "man"
    for plural, singular in _PLURALS.items():
        if word.endswith(plural):
            return word.removesuffix(plural) + singular
    return word
