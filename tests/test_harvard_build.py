"""From the Harvard API to a release, by the command line, against a server with the real one's habits."""

import gzip
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from indexes.catalogue import Catalogue
from indexes.release import Manifest, current
from tests.harvard_collection import image_kind
from tests.harvard_server import HarvardServer

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.slow
def test_harvest_to_release(tmp_path: Path) -> None:
    with HarvardServer(page_limit=1) as museum:
        command = [
            sys.executable, "-m", "pipeline", "build", "harvard", "--encoder", "pocket", "--pace", "0",
            "--base-url", museum.base_url, "--workspace", str(tmp_path / "w"), "--indexes", str(tmp_path / "indexes"),
        ]  # fmt: skip
        environment = os.environ | {"HARVARD_API_KEY": museum.key}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        again = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        refused = subprocess.run(
            command, cwd=ROOT, env=os.environ | {"HARVARD_API_KEY": "no-such-key"}, capture_output=True, text=True
        )
        folder = current(tmp_path / "indexes")
        catalogue, manifest = Catalogue(folder / "catalogue"), Manifest.read(folder)
        ids = [catalogue.artwork(row).id for row in range(len(catalogue))]
        assert ids == museum.expected_ids
        pictured = {catalogue.artwork(row).id for row in catalogue.with_picture().tolist()}
        kinds = Counter(image_kind(number) for number in range(len(ids)))
        assert pictured == {work for number, work in enumerate(ids) if image_kind(number) == "good"}
        assert manifest.methods["clip"].count == kinds["good"]
        assert manifest.failures["no image"] == kinds["none"]
        assert manifest.failures["image not permitted"] == kinds["restricted"]
        key = museum.key

    assert again.stdout.startswith("nothing had changed")
    assert refused.returncode == 1
    assert "HARVARD_API_KEY" in refused.stderr
    said = done.stdout + done.stderr + again.stdout + again.stderr
    assert key not in said
    for file in tmp_path.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            assert key.encode() not in (gzip.decompress(data) if file.suffix == ".gz" else data), file
