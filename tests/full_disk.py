"""Builds on a disk that is too small, again and again, each time with a little more room.

To be run where it may mount: `unshare --user --map-root-user --mount python -m tests.full_disk FOLDER WHICH STEP`.
WHICH says what lies on the small disk: `workspace`, `indexes` or `both`. Writes, as JSON, how each build ended.
"""

import json
import shutil
import subprocess
import sys
import traceback
from pathlib import Path
from unittest import mock

from indexes.release import Manifest, current, damage, releases
from pipeline.build import Plan, build
from pipeline.encoding import Encoding
from pipeline.progress import Progress
from pipeline.sources.table import TableSource
from pipeline.space import DiskFull
from pipeline.workspace import Workspace
from tests.museum import make_museum


def trials(folder: Path, which: str, step: int) -> dict[str, object]:
    """The sentences of the builds that failed and where they did; works and pictures of the one that did not."""
    museum, disk = make_museum(folder / "museum"), folder / "disk"
    table, plan, quiet = museum / "works.csv", Plan(Encoding("pocket")), Progress(quiet=True)
    trained = Workspace(folder / "trained")
    build(TableSource(table, museum / "images"), trained, folder / "elsewhere", plan, quiet)
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "none", disk], check=True)
    workspace = Workspace((disk if which != "indexes" else folder) / "workspace")
    root = (disk if which != "workspace" else folder) / "indexes"
    build(TableSource(table, limit=5), workspace, root, plan, quiet)
    served = current(root)
    for file in trained.path.glob("autoencoder-*"):  # so that it is not trained again each time
        shutil.copy(file, workspace.path)
    room = shutil.disk_usage(disk).used
    failed: list[tuple[str, str]] = []
    while True:
        room += step
        subprocess.run(["mount", "-o", f"remount,size={room}", disk], check=True)
        try:
            outcome = build(TableSource(table, museum / "images"), workspace, root, plan, quiet)
        except DiskFull as error:
            assert current(root) == served
            assert list(damage(served, Manifest.read(served))) == []
            assert list(root.glob(".building*")) == []
            traces = [one.__traceback__ for one in (error, error.__cause__) if one]
            called = [frame.name for trace in traces for frame in traceback.extract_tb(trace)]
            failed.append((str(error), called[called.index("_publish") + 1]))
            continue
        assert list(damage(outcome.release, outcome.manifest)) == []
        assert len(releases(root)) == 2
        return {"failed": failed, "works": outcome.manifest.works, "pictures": outcome.manifest.pictures}


if __name__ == "__main__":
    with mock.patch("pipeline.build.check"):  # which would say so before anything is written
        sys.stdout.write(json.dumps(trials(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))))
