"""A painter that never runs out: invented scenes, drawn and worded from one description.

`compose(seed, index)` decides a scene, `paint(scene)` draws it, `captions(scene)` says what it shows. All three are
pure, so that works can be drawn in any order, in any process, again and again.
"""

from pipeline.painting.scene import Scene, compose, genres, paint
from pipeline.painting.wording import captions

__all__ = ["PAINTERS", "Scene", "captions", "compose", "genres", "paint"]

PAINTERS = 3  # the painters' version: raise it with any change that changes pictures or words
