"""The painter: scenes, pictures and words from one description."""

import re
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from pipeline.painting import Scene, captions, compose, genres, paint
from pipeline.painting.brush import Hand
from pipeline.painting.colour import dominant, term
from pipeline.painting.colour import paint as colour
from pipeline.painting.light import lights
from pipeline.painting.plan import Easel, article, headline, number
from pipeline.painting.window import Window
from pipeline.painting.wording import coloured_parts, listed
from pipeline.training.wordings import of_scene

SEED = 7
COUNT = len(genres())  # the first so many works have each genre once

Works = list[tuple[Scene, Image.Image]]


@pytest.fixture(scope="module")
def works() -> Works:
    """One work of each genre, painted."""
    scenes = [compose(SEED, index) for index in range(COUNT)]
    return [(scene, paint(scene)) for scene in scenes]


def measured(picture: Image.Image) -> Counter[str]:
    """How many places of the picture bear each colour word."""
    small = np.asarray(picture.resize((48, 48), Image.Resampling.BOX)).reshape(-1, 3) // 8 * 8 + 4
    return Counter(term((r / 255, g / 255, b / 255)) for r, g, b in small.tolist())


@pytest.mark.parametrize(
    ("code", "word"),
    [
        ("#000000", "black"), ("#ffffff", "white"), ("#808080", "grey"), ("#ff0000", "red"), ("#b02a20", "red"),
         ("#ff8c00", "orange"),
        ("#ffe000", "yellow"), ("#2e8b57", "green"), ("#1f4f9c", "blue"), ("#87ceeb", "blue"), ("#6a3d9a", "purple"),
        ("#ffb6c1", "pink"), ("#6b4423", "brown"), ("#e8dcc0", "beige"),
    ],
)  # fmt: skip
def test_colours_have_their_plain_words(code: str, word: str) -> None:
    assert term(colour(code)) == word


def test_dominant_colours_are_the_large_ones_largest_first() -> None:
    blue, red, white = colour("#1f4f9c"), colour("#c02020"), (1.0, 1.0, 1.0)
    assert dominant([(red, 0.3), (blue, 0.6), (white, 0.1)]) == ("blue", "red")
    assert dominant([(blue, 0.2), (colour("#2060b0"), 0.2), (red, 0.3)]) == ("blue", "red")
    assert dominant([(blue, 1.0)]) == ("blue",)


def test_every_run_of_works_has_each_genre_once() -> None:
    assert COUNT >= 16
    for start in (0, COUNT, 5 * COUNT):
        assert {compose(SEED, index).genre for index in range(start, start + COUNT)} == set(genres())


def test_a_scene_depends_on_seed_and_index_alone() -> None:
    for index in (0, 3, 11):
        assert repr(compose(SEED, index)) == repr(compose(SEED, index))
    assert compose(SEED, 3).title != compose(SEED + 1, 3).title
    assert len({compose(SEED, index).title for index in range(400)}) > 370


def test_artists_keep_to_their_genres() -> None:
    for index in range(200):
        scene = compose(SEED, index)
        assert scene.genre in scene.artist.genres
        assert len(scene.artist.genres) <= 3
        assert scene.years[0] <= scene.years[1]


def test_painting_again_gives_the_same_bytes(works: Works) -> None:
    for scene, picture in works[::4]:
        assert paint(compose(scene.seed, scene.index)).tobytes() == picture.tobytes()


def test_pictures_are_rgb_of_the_scene_s_size_and_full_of_paint(works: Works) -> None:
    for scene, picture in works:
        assert picture.mode == "RGB"
        assert picture.size == scene.size
        assert 540 <= max(picture.size) <= 640
        assert np.asarray(picture).std() > 4, scene.title


def test_shapes_vary() -> None:
    sizes = {compose(SEED, index).size for index in range(200)}
    assert any(width > height for width, height in sizes)
    assert any(width < height for width, height in sizes)
    assert any(width == height for width, height in sizes)


def test_the_first_colour_named_is_there_to_see(works: Works) -> None:
    missed = []
    for scene, picture in works:
        seen = measured(picture)
        if max(seen[word] for word in scene.colours) < 0.2 * seen.total():
            missed.append((scene.title, scene.colours, seen.most_common(3)))
    assert len(missed) <= 1, missed


def test_blue_pictures_are_bluish_and_warm_ones_are_not(works: Works) -> None:
    leaning: dict[str, list[float]] = {}
    for scene, picture in works:
        red, _, blue = np.asarray(picture, np.float32).reshape(-1, 3).mean(axis=0)
        leaning.setdefault(scene.colours[0], []).append(float(blue - red))
    assert len(leaning["blue"]) >= 3
    assert min(leaning["blue"]) > 0
    assert max(value for word in ("brown", "yellow", "orange", "red") for value in leaning.get(word, [])) < 0


def test_a_portrait_s_background_has_the_colour_it_is_said_to_have() -> None:
    wanted = {"red", "blue", "green", "yellow"}
    seen = 0
    for index in range(600):
        scene = compose(SEED, index)
        if scene.genre != "Portrait" or scene.background not in wanted:
            continue
        wanted.remove(scene.background)
        width = scene.size[0]
        corner = measured(paint(scene).crop((0, 0, width // 3, width // 4)))
        assert corner[scene.background] > 0.5 * corner.total(), (scene.title, corner)
        assert f"{scene.background} background" in captions(scene)[0]
        seen += 1
    assert seen >= 3


def test_captions_differ_and_name_subjects_colours_and_medium(works: Works) -> None:
    for scene, _ in works:
        full, short, lead = captions(scene)
        assert len({full, short, lead}) == 3
        assert "Generated image" in full
        assert "generated" in lead
        assert scene.plan.manner in full
        assert scene.subjects[0][1:] in full
        assert all(word in full for word in scene.colours)
        assert all(text[0].isupper() and text.endswith(".") and "  " not in text for text in (full, short, lead))


def test_an_stands_before_vowels_and_nowhere_else() -> None:
    wrong = re.compile(r"(?<![\w-])(?:a [aeiou]|an [^aeiou])\w*", re.IGNORECASE)
    for index in range(600):
        scene = compose(SEED, index)
        texts = [scene.title, *captions(scene), *(wording.text for wording in of_scene(scene)[1])]
        assert wrong.findall(" | ".join(texts)) == [], scene.title


def test_no_background_is_named_where_there_is_none(works: Works) -> None:
    for scene, _ in works:
        assert (scene.background is None) == all(part.noun != "background" for part in scene.plan.parts)


def test_parts_are_worded_with_their_colours() -> None:
    seascape = next(scene for index in range(COUNT) if (scene := compose(SEED, index)).genre == "Seascape")
    assert any(phrase.endswith(" sea") for phrase in coloured_parts(seascape))


def test_small_words() -> None:
    assert number(1, "boat") == "a boat"
    assert number(3, "boat") == "three boats"
    assert number(2, "cypress", "cypresses") == "two cypresses"
    assert [article(noun) for noun in ("orange wall", "Andean jar", "Wall")] == [
        "an orange wall",
        "an Andean jar",
        "a Wall",
    ]
    assert listed(("one", "two", "three")) == "one, two and three"
    assert headline("lake below Tarn Peak, in the morning") == "Lake below Tarn Peak, in the Morning"


def test_a_garden_under_the_window_is_greener_than_far_hills() -> None:
    def green(view: str) -> float:
        """How much greener than red and blue the lower panes are."""
        easel = Easel(160, 120, Hand(), np.random.default_rng(1))
        window = Window(view, left=0.2, wide=0.5, curtains=False)
        frame = window.frame(easel, line=90)
        image = window.outside(np.zeros((120, 160, 3), np.float32), frame, lights()[0], easel)
        (left, top), (right, low) = frame[0].astype(int), frame[2].astype(int)
        seen = image[(top + 3 * low) // 4 : low, left:right].mean(axis=(0, 1))
        return float(seen[1] - (seen[0] + seen[2]) / 2)

    assert green("a garden") > 1.4 * green("hills") > 0
