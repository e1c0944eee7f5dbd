"""The command line: `python -m pipeline`."""

import os
import sys
from collections import Counter
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from indexes.catalogue import Catalogue
from indexes.encoders import EncoderError
from indexes.pictures import PictureStore
from indexes.release import Manifest, ReleaseError, current, damage, prune, releases, use
from pipeline.build import Outcome, Plan, build
from pipeline.cluster import ClusterError
from pipeline.download import Job
from pipeline.encoding import Encoding
from pipeline.fetch import Limits
from pipeline.hosts import Manners
from pipeline.progress import Progress
from pipeline.sources import Source, SourceError
from pipeline.sources.harvard import HarvardSource
from pipeline.sources.sample import SampleSource
from pipeline.sources.table import TableSource
from pipeline.workspace import Workspace, WorkspaceBusy

ROOT = Path(__file__).resolve().parent.parent
REAL_CLIP = "ViT-B-32:laion2b_s34b_b79k"  # for museums' pictures
_PROBLEMS = (SourceError, ClusterError, EncoderError, ReleaseError, WorkspaceBusy)

_indexes = click.option(
    "--indexes",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="VITRINE_INDEXES",
    default=ROOT / "indexes" / "data",
    help="Where releases go. Also VITRINE_INDEXES.",
)
_BUILD_OPTIONS = (
    click.option("--workspace", type=click.Path(file_okay=False, path_type=Path), help="Resumable state of the build."),
    _indexes,
    click.option("--encoder", help="pocket, or an open_clip MODEL:PRETRAINED."),
    click.option("--weights", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A local checkpoint."),
    click.option(
        "--workers", type=click.IntRange(1, 64), default=os.cpu_count() or 1, help="Processes on this machine."
    ),
    click.option("--scheduler", help="The address of a Dask scheduler; without it, this machine."),
    click.option("--per-host", type=click.IntRange(1, 64), default=6, help="Requests at once to one image host."),
    click.option("--pace", type=click.FloatRange(0, 60), default=0.1, help="Seconds between two requests to one host."),
    click.option(
        "--private-images",
        type=click.Choice(("named", "always", "never")),
        default="named",
        help="Image addresses in private networks: those that name such a machine outright, all, or none.",
    ),
    click.option("--retry-failed", is_flag=True, help="Try again also what was refused for good."),
    click.option("--keep", type=click.IntRange(1, 100), default=3, help="Releases to keep for going back."),
    click.option("--quiet", is_flag=True, help="Say nothing but the outcome."),
)


def build_options(default_encoder: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The options that every build takes."""

    def add(command: Callable[..., None]) -> Callable[..., None]:
        for option in reversed(_BUILD_OPTIONS):
            command = option(command)
        return click.option("--default-encoder", hidden=True, default=default_encoder)(command)

    return add


class _Later(click.Group):
    """A group some of whose commands are imported only when called: they need packages that only development has."""

    def __init__(self, *args: Any, later: dict[str, str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._later = later or {}  # from a command's name to its module and object

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*super().list_commands(ctx), *self._later]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module, _, name = self._later.get(cmd_name, "").partition(":")
        return getattr(import_module(module), name) if module else super().get_command(ctx, cmd_name)


@click.group(cls=_Later, later={"train-pocket": "pipeline.training.command:train_pocket"})
def cli() -> None:
    """From a museum's records and images to a published release."""


@cli.group(
    "evaluate",
    cls=_Later,
    later={name: f"pipeline.evaluate.{name}:{name}" for name in ("text", "recommend", "pictures")},
)
def evaluate_group() -> None:
    """How well a release answers: judged queries, figures and plots."""


@cli.group("build")
def build_group() -> None:
    """Build a release from a source, or bring it up to date."""


@build_group.command()
@click.option("--count", type=click.IntRange(1, 1_000_000), default=600, help="Works to generate.")
@click.option("--seed", type=int, default=7, help="Another seed makes another collection.")
@build_options("pocket")
def sample(count: int, seed: int, **options: Any) -> None:
    """A generated collection, offline."""
    workspace = _workspace(options, "sample")
    _run(SampleSource(workspace.source / "images", count, seed), workspace, options)


@build_group.command()
@click.option("--table", required=True, type=click.Path(path_type=Path), help="CSV, JSON Lines or Parquet.")
@click.option("--images", type=click.Path(path_type=Path), help="The folder of the images that the table names.")
@click.option("--map", "mapping", type=click.Path(path_type=Path), help="A TOML file from your columns to ours.")
@click.option("--limit", type=click.IntRange(1), help="Read no more rows than this.")
@build_options(REAL_CLIP)
def table(table: Path, images: Path | None, mapping: Path | None, limit: int | None, **options: Any) -> None:
    """A museum's export."""
    _run(
        TableSource(table, images, mapping, limit),
        _workspace(options, f"table-{table.resolve().parent.name}-{table.stem}"),
        options,
    )


@build_group.command()
@click.option("--base-url", default="https://api.harvardartmuseums.org", help="Where the API is.")
@click.option("--query", help="Only objects that match, in the API's own query syntax.")
@click.option("--limit", type=click.IntRange(1), help="Harvest no more objects than this.")
@click.option("--refresh", is_flag=True, help="Harvest anew although a harvest is finished.")
@build_options(REAL_CLIP)
def harvard(base_url: str, query: str | None, limit: int | None, refresh: bool, **options: Any) -> None:
    """The Harvard Art Museums API; its key is read from HARVARD_API_KEY."""
    source = HarvardSource(base_url, os.environ.get("HARVARD_API_KEY", ""), query, limit, refresh=refresh)
    _run(source, _workspace(options, "harvard"), options)


@cli.command()
@_indexes
def status(indexes: Path) -> None:
    """What releases there are, and which one is served."""
    served = current(indexes).name
    for folder in releases(indexes):
        manifest = Manifest.read(folder)
        encoder = manifest.methods["clip"].encoder if "clip" in manifest.methods else "no pictures"
        click.echo(
            f"{'*' if folder.name == served else ' '} {folder.name}  {manifest.source:<8} {manifest.works:>9,} works "
            f"{manifest.pictures:>9,} pictures  {encoder}"
        )


@cli.command()
@click.argument("release", required=False)
@_indexes
def verify(release: str | None, indexes: Path) -> None:
    """Compare every byte of a release (the served one by default) with its checksums."""
    folder = indexes / "releases" / release if release else current(indexes)
    manifest = Manifest.read(folder)
    found = list(damage(folder, manifest))
    if not found:
        store, catalogue = PictureStore(indexes / "pictures"), Catalogue(folder / "catalogue")
        pictures = (catalogue.picture(row) for row in catalogue.with_picture().tolist())
        digests = {digest for p in pictures if p for digest in (p.digest, p.large) if digest}
        found = [
            f"pictures/{digest[:2]}/{digest}: missing or changed"
            for digest in sorted(digests)
            if not store.verify(digest)
        ]
    for sentence in found:
        click.echo(sentence)
    if found:
        raise click.ClickException(f"release {folder.name} is damaged; build again, or go back with `use`")
    click.echo(f"release {folder.name} is whole: {len(manifest.files)} files and {manifest.pictures:,} pictures")


@cli.command("use")
@click.argument("release")
@_indexes
def use_release(release: str, indexes: Path) -> None:
    """Serve another release, for going back."""
    use(indexes, release)
    click.echo(f"now serving {release}")


@cli.command("prune")
@click.option("--keep", type=click.IntRange(1, 100), default=3, help="Releases to keep.")
@_indexes
def prune_releases(keep: int, indexes: Path) -> None:
    """Remove old releases."""
    for name in prune(indexes, keep):
        click.echo(f"removed {name}")


def _workspace(options: dict[str, Any], name: str) -> Workspace:
    return Workspace(options["workspace"] or ROOT / "workspace" / name)


def _run(source: Source, workspace: Workspace, options: dict[str, Any]) -> None:
    job = Job(
        limits=Limits(
            allow_private=options["private_images"] == "always", allow_named=options["private_images"] == "named"
        ),
        manners=Manners(per_host=options["per_host"], pace=options["pace"]),
        scheduler=options["scheduler"],
        workers=options["workers"],
        again=options["retry_failed"],
    )
    encoding = Encoding(options["encoder"] or options["default_encoder"], options["weights"])
    outcome = build(
        source, workspace, options["indexes"], Plan(encoding, job, options["keep"]), Progress(options["quiet"])
    )
    _tell(outcome, workspace)


def _tell(outcome: Outcome, workspace: Workspace) -> None:
    manifest = outcome.manifest
    did = "published" if outcome.published else "nothing had changed: still serving"
    click.echo(
        f"{did} {manifest.name}: {manifest.works:,} works, {manifest.pictures:,} pictures, {manifest.terms:,} terms"
    )
    for status, count in Counter(failure.status for failure in outcome.failures).most_common():
        click.echo(f"  {count:>7,}  {status}")
    if outcome.failures:
        click.echo(f"  each is a row of {workspace.report}")


def main() -> None:
    """Run the command line; a problem that its reader can mend is a sentence and exit status 1."""
    # Before torch is imported. Threads that spin while they wait for a busy core make it ten times slower.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        cli(standalone_mode=True)
    except _PROBLEMS as problem:
        click.echo(f"Error: {problem}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
