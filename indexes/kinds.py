"""Kinds of object: what people call a work - a painting, a print - whether or not its record uses that word."""

from collections.abc import Mapping
from types import MappingProxyType

from indexes.artwork import Artwork
from indexes.words import fold, words


def _signs(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Processes: where a record names one, the work is of that kind whatever else is said.
_PROCESSES = MappingProxyType(
    {
        "print": _signs(
            "print prints printmaking etching etchings engraving engravings lithograph lithographs lithography woodcut "
            "woodcuts woodblock linocut linocuts mezzotint mezzotints aquatint aquatints drypoint drypoints "
            "screenprint screenprints serigraph silkscreen monotype monoprint chromolithograph"
        ),
        "photo": _signs(
            "photo photos photograph photographs photography photographic daguerreotype daguerreotypes cyanotype "
            "ambrotype tintype calotype albumen gelatin gelatine polaroid"
        ),
    }
)
# Names of kinds, as classifications and subject terms give them.
_NAMES = MappingProxyType(
    {
        "painting": _signs("painting paintings fresco frescoes miniature miniatures"),
        "drawing": _signs("drawing drawings sketch sketches"),
        "sculpture": _signs("sculpture sculptures statue statues statuette figurine bust relief reliefs"),
        "installation": _signs("installation installations"),
        "video": _signs("video videos film films"),
        "poster": _signs("poster posters"),
        "illustration": _signs("illustration illustrations"),
        "furniture": _signs("furniture"),
        "textile": _signs("textile textiles tapestry embroidery carpet"),
        "ceramic": _signs("ceramic ceramics pottery porcelain stoneware earthenware"),
    }
)
# Materials: they decide only where nothing else does, since a sculpture may be of painted steel.
_MATERIALS = MappingProxyType(
    {
        "painting": _signs("oil tempera acrylic watercolour watercolor gouache encaustic"),
        "drawing": _signs("graphite pencil charcoal chalk crayon pastel conte silverpoint ink"),
        "sculpture": _signs("bronze marble terracotta plaster limestone alabaster"),
    }
)

KINDS = frozenset({*_PROCESSES, *_NAMES, *_MATERIALS})


def kinds(work: Artwork) -> tuple[str, ...]:
    """The kinds of object that a work is said to be, in the order of the alphabet.

    Its genre says it first. Else its keywords do, where one is a kind's name and nothing more: others say what the
    work shows. Else its material does.
    """
    genre, medium = frozenset(words(work.genre or "")), frozenset(words(work.medium or ""))
    keywords = frozenset(fold(keyword) for keyword in work.keywords)
    found = _of(_PROCESSES, medium) | _of(_PROCESSES | _NAMES, genre)
    found = found or _of(_PROCESSES | _NAMES, keywords) or _of(_MATERIALS, medium)
    if "photo" in found:
        found -= {"print"}  # a gelatin silver print
    return tuple(sorted(found))


def _of(table: Mapping[str, frozenset[str]], said: frozenset[str]) -> set[str]:
    return {kind for kind, signs in table.items() if signs & said}


def names_kind(word: str) -> bool:
    """Whether a word of a query asks for a kind of object."""
    tables = (*_PROCESSES.values(), *_NAMES.values())
    return any(fold(word) in signs for signs in tables)
