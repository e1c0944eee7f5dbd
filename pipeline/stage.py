"""What all stages of a build share."""

from dataclasses import dataclass

from indexes.pictures import PictureStore
from pipeline.progress import Progress
from pipeline.sources import Failure
from pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a build's stages work, and whom they tell."""

    workspace: Workspace
    store: PictureStore
    progress: Progress
    failures: list[Failure]
