"""The commands that build: their options, what they say, and the update that repeats the last of them."""

import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from pipeline.build import Outcome, Plan, build
from pipeline.download import Job
from pipeline.encoding import Encoding
from pipeline.fetch import Limits, Reference, names_private
from pipeline.hosts import Manners
from pipeline.progress import Progress
from pipeline.sources import Source
from pipeline.sources.harvard import HarvardSource
from pipeline.sources.harvard_api import BASE_URL
from pipeline.sources.sample import SampleSource
from pipeline.sources.table import TableSource
from pipeline.summary import summarised
from pipeline.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
REAL_CLIP = "ViT-B-32:laion2b_s34b_b79k"  # for museums' pictures
_MOST_WORKERS = 64
_ONCE = frozenset({"workspace", "retry_failed", "refresh", "quiet"})  # options that an update does not repeat

_workspace = click.option(
    "--workspace", type=click.Path(file_okay=False, path_type=Path), help="Resumable state of the build."
)
indexes_option = click.option(
    "--indexes",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="VITRINE_INDEXES",
    default=ROOT / "indexes" / "data",
    help="Where releases go. Also VITRINE_INDEXES.",
)
_BUILD_OPTIONS = (
    _workspace,
    indexes_option,
    click.option("--encoder", help="pocket, or an open_clip MODEL:PRETRAINED."),
    click.option("--weights", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A local checkpoint."),
    click.option(
        "--workers",
        type=click.IntRange(1, _MOST_WORKERS),
        default=lambda: min(os.cpu_count() or 1, _MOST_WORKERS),
        help="Processes on this machine.",
    ),
    click.option("--scheduler", help="The address of a Dask scheduler; without it, this machine."),
    click.option("--per-host", type=click.IntRange(1, 64), default=6, help="Requests at once to one image host."),
    click.option("--pace", type=click.FloatRange(0, 60), default=0.1, help="Seconds between two requests to one host."),
    click.option(
        "--private-images",
        type=click.Choice(("named", "always", "never")),
        help="Image addresses in private networks: those that name such a machine outright, all, or none. By default "
        "named for a table and for an API within the house, never for any other API.",
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


@click.group("build")
def build_group() -> None:
    """Build a release from a source, or bring it up to date."""


@build_group.command()
@click.option("--count", type=click.IntRange(1, 1_000_000), default=600, help="Works to generate.")
@click.option("--seed", type=int, default=7, help="Another seed makes another collection.")
@build_options("pocket")
def sample(count: int, seed: int, **options: Any) -> None:
    """A generated collection, offline."""
    workspace = _opened(options, "sample")
    _run(SampleSource(workspace.source / "images", count, seed), workspace, options)


@build_group.command()
@click.option("--table", required=True, type=click.Path(path_type=Path), help="CSV, JSON Lines or Parquet.")
@click.option("--images", type=click.Path(path_type=Path), help="The folder of the images that the table names.")
@click.option("--map", "mapping", type=click.Path(path_type=Path), help="A TOML file from your columns to ours.")
@click.option("--limit", type=click.IntRange(1), help="Read no more rows than this.")
@build_options(REAL_CLIP)
def table(table: Path, images: Path | None, mapping: Path | None, limit: int | None, **options: Any) -> None:
    """A museum's export."""
    workspace = _opened(options, f"table-{table.resolve().parent.name}-{table.stem}")
    _run(TableSource(table, images, mapping, limit), workspace, options)


@build_group.command()
@click.option("--base-url", default=BASE_URL, help="Where the API is.")
@click.option("--query", help="Only objects that match, in the API's own query syntax.")
@click.option("--limit", type=click.IntRange(1), help="Harvest no more objects than this.")
@click.option("--refresh", is_flag=True, help="Harvest anew although a harvest is finished.")
@build_options(REAL_CLIP)
def harvard(base_url: str, query: str | None, limit: int | None, refresh: bool, **options: Any) -> None:
    """The Harvard Art Museums API; its key is read from HARVARD_API_KEY."""
    source = HarvardSource(base_url, os.environ.get("HARVARD_API_KEY", ""), query, limit, refresh=refresh)
    options["private_images"] = options["private_images"] or (
        "named" if names_private(Reference(base_url).host or "") else "never"
    )
    _run(source, _opened(options, "harvard"), options)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("build", nargs=-1, type=click.UNPROCESSED)
@_workspace
@click.pass_context
def update(context: click.Context, build: tuple[str, ...], workspace: Path | None) -> None:
    """Do again what the workspace's last build did, for every night.

    What follows are a build's own options, which replace those of the last one; or a source and its options, as after
    `build`. Exit status: 0 done, 1 it could not be done, 2 called wrongly, 3 another build is at work in the
    workspace, 4 a disk has not enough room.
    """
    if build and not build[0].startswith("-"):
        arguments = [*build, *(("--workspace", str(workspace)) if workspace else ())]
    else:
        workspace = workspace or _only_workspace()
        last = Workspace(workspace).last_build() if workspace.is_dir() else []
        if not last:
            raise click.UsageError(f"--workspace: no build was finished in {workspace} yet; `build` makes the first.")
        arguments = [*last, *build, "--workspace", str(workspace)]
    build_group(arguments, standalone_mode=False, parent=context)


def _only_workspace() -> Path:
    found = sorted(path.parent for path in (ROOT / "workspace").glob("*/build.json"))
    if len(found) == 1:
        return found[0]
    names = ", ".join(map(str, found)) or f"there is none under {ROOT / 'workspace'}"
    raise click.UsageError(f"--workspace: must say which build is to be repeated ({names}).")


def _opened(options: dict[str, Any], name: str) -> Workspace:
    return Workspace(options["workspace"] or ROOT / "workspace" / name)


def _run(source: Source, workspace: Workspace, options: dict[str, Any]) -> None:
    private = options["private_images"] or "named"
    job = Job(
        limits=Limits(allow_private=private == "always", allow_named=private == "named"),
        manners=Manners(per_host=options["per_host"], pace=options["pace"]),
        scheduler=options["scheduler"],
        workers=options["workers"],
        again=options["retry_failed"],
    )
    plan = Plan(Encoding(options["encoder"] or options["default_encoder"], options["weights"]), job, options["keep"])
    with summarised(workspace) as summary:
        outcome = build(source, workspace, options["indexes"], plan, Progress(options["quiet"]))
        summary.outcome = outcome
        workspace.keep_build(_arguments(click.get_current_context()))
    _tell(outcome, workspace)


def _arguments(context: click.Context) -> list[str]:
    """The build as it may be called again from anywhere: its name and the options that were given."""
    said = [str(context.command.name)]
    for option in context.command.params:
        name = str(option.name)
        if name not in _ONCE and context.get_parameter_source(name) is not ParameterSource.DEFAULT:
            value = context.params[name]
            said += [option.opts[0], str(value.absolute() if isinstance(value, Path) else value)]
    return said


def _tell(outcome: Outcome, workspace: Workspace) -> None:
    manifest, pruned = outcome.manifest, outcome.pruned
    did = "published" if outcome.published else "nothing had changed: still serving"
    click.echo(
        f"{did} {manifest.name}: {manifest.works:,} works, {manifest.pictures:,} pictures, {manifest.terms:,} terms"
    )
    if outcome.published:
        click.echo(f"  works: {outcome.changes}")
    if pruned.releases or pruned.pictures:
        click.echo(f"  old releases removed: {len(pruned.releases)}; pictures that none showed: {pruned.pictures:,}")
    if pruned.why_pictures_stay:
        click.echo(f"  no picture was removed: {pruned.why_pictures_stay}")
    for status, count in Counter(failure.status for failure in outcome.failures).most_common():
        click.echo(f"  {count:>7,}  {status}")
    if outcome.failures:
        click.echo(f"  each is a row of {workspace.report}")
