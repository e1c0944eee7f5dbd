"""The build: records, pictures, vectors, indexes, release; each stage goes on where a killed run stopped."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from indexes.artwork import Artwork
from indexes.pictures import PictureStore
from indexes.release import FORMAT_VERSION, Manifest, ReleaseError, current, damage
from indexes.retention import Pruned, prune, remove_abandoned, storing_pictures
from pipeline.changes import Changes
from pipeline.download import Job, Settled, download
from pipeline.encoding import Encoder, Encoding, Measured
from pipeline.indexing import RECIPE, Origin, publish_indexes
from pipeline.ledger import Ledger, Pending
from pipeline.measuring import Measuring
from pipeline.progress import Advance, Progress
from pipeline.sources import Failure, Source, SourceError
from pipeline.space import check, full_disk_said, needs
from pipeline.stage import Stage
from pipeline.works import PicturedWorks
from pipeline.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Plan:
    """How to build."""

    encoding: Encoding
    job: Job = field(default_factory=Job)
    keep: int = 3  # releases, for going back


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build came to."""

    release: Path
    manifest: Manifest
    failures: list[Failure]  # the rows of the report
    published: bool  # False: nothing had changed
    changes: Changes = field(default_factory=Changes)
    pruned: Pruned = field(default_factory=Pruned)


def build(source: Source, workspace: Workspace, root: Path, plan: Plan, progress: Progress) -> Outcome:
    """Bring what is served under `root` up to date with the source.

    Raises SourceError, ClusterError, EncoderError, ReleaseError, VectorLogError, WorkspaceBusy or DiskFull; what was
    done until then is kept.
    """
    with workspace.locked(), full_disk_said(root, workspace.path):
        with storing_pictures(root), Ledger(workspace.ledger, PictureStore(root / "pictures")) as ledger:
            remove_abandoned(root)  # before room is reckoned
            stage = Stage(workspace, ledger.store, progress, failures=[])
            outcome = _publish(source, root, plan, ledger, stage)
        return replace(outcome, pruned=prune(root, plan.keep))


def _publish(source: Source, root: Path, plan: Plan, ledger: Ledger, stage: Stage) -> Outcome:
    workspace, progress, failures = stage.workspace, stage.progress, stage.failures
    read_records(source, workspace, progress)
    failures += workspace.rejected()
    works = PicturedWorks(workspace, ledger)
    pending = ledger.pending(workspace.works(), source.images, plan.job.again)
    if pending.works:
        check(needs(root, workspace, pending))
    with Measuring(Encoder(plan.encoding), works, pending, stage) as measuring:
        fetch_pictures(pending, ledger, plan.job, stage, measuring.settled)
        measured = measuring.complete()
        workspace.write_report(failures)
        inputs = digest_inputs(works, measured)
        served = _served(root)
        if served and served[1].inputs == inputs and not any(damage(*served)):
            return Outcome(*served, failures, published=False)
        check(needs(root, workspace, pending, fetched=True))
        counted = dict(Counter(failure.status for failure in failures))
        with progress.stage("indexes"):
            release = publish_indexes(root, works, measured, Origin(source.name, inputs, counted))
    changes = Changes.between(served[0] if served else None, release)
    return Outcome(release, Manifest.read(release), failures, published=True, changes=changes)


def read_records(source: Source, workspace: Workspace, progress: Progress) -> None:
    """Read the source's records into the workspace, unless they are there and the source has not changed."""
    fingerprint = source.fingerprint()
    if workspace.state().get("records", {}).get("fingerprint") == fingerprint:
        return
    rejected: list[Failure] = []
    with progress.stage("records") as advance:
        works = source.records(workspace.source, rejected.append)
        first = next(works, None)
        if first is None:
            raise SourceError(f"{source.name}: no work is among the records ({len(rejected)} were left out)")
        digest = workspace.keep_records(_counted(chain([first], works), advance), rejected)
    # Changed meanwhile, or a harvest of an earlier day brought to its end: the next build reads what is new.
    known = fingerprint if source.fingerprint() == fingerprint else None
    workspace.note(records={"fingerprint": known, "digest": digest})


def fetch_pictures(pending: Pending, ledger: Ledger, job: Job, stage: Stage, settled: Settled) -> None:
    """Fetch pictures that are not in the store yet; `settled` is told what becomes of each."""
    if not pending.works:
        stage.failures.extend(pending.standing)
        return
    with stage.progress.stage("pictures") as advance:
        download(pending, ledger, job, stage.failures.append, advance, settled)


def digest_inputs(works: PicturedWorks, measured: Measured) -> str:
    """A digest of all that a release is made from: its format and recipe, records, pictures and encoders."""
    records = works.workspace.state()["records"]["digest"]
    digest = hashlib.sha256(
        json.dumps([FORMAT_VERSION, RECIPE, records, measured.identities()], sort_keys=True).encode()
    )
    for _, picture in works:
        digest.update(f"{picture}\n".encode())
    return digest.hexdigest()


def _served(root: Path) -> tuple[Path, Manifest] | None:
    try:
        return current(root), Manifest.read(current(root))
    except ReleaseError:
        return None


def _counted(works: Iterator[Artwork], advance: Advance) -> Iterator[Artwork]:
    for number, work in enumerate(works, 1):
        yield work
        advance(number, 0)
