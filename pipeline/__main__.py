"""The command line: `python -m pipeline`."""

import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from indexes.catalogue import Catalogue
from indexes.errors import VitrineError
from indexes.pictures import PictureStore
from indexes.release import Manifest, ReleaseError, current, damage, releases, use
from indexes.retention import prune
from pipeline.commands import build_group, indexes_option, update
from pipeline.space import DiskFull
from pipeline.workspace import WorkspaceBusy

# The exit status that tells a program which kind of problem it was; 1 is every other.
_STATUS: dict[type[Exception], int] = {WorkspaceBusy: 3, DiskFull: 4}


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
    later={name: f"pipeline.evaluate.{name}:{name}" for name in ("text", "fusion", "recommend", "pictures", "faiss")},
)
def evaluate_group() -> None:
    """How well a release answers: judged queries, figures and plots."""


cli.add_command(build_group)
cli.add_command(update)


@cli.command()
@indexes_option
def status(indexes: Path) -> None:
    """What releases there are, and which one is served."""
    served = current(indexes).name
    for folder in releases(indexes):
        star = "*" if folder.name == served else " "
        try:
            manifest = Manifest.read(folder)
        except ReleaseError as error:
            click.echo(f"{star} {error}")
            continue
        encoder = manifest.methods["clip"].encoder if "clip" in manifest.methods else "no pictures"
        click.echo(
            f"{star} {folder.name}  {manifest.source:<8} {manifest.works:>9,} works "
            f"{manifest.pictures:>9,} pictures  {encoder}"
        )
        for method, entry in manifest.methods.items():
            click.echo(f"    {method:<12} {entry.count:>9,} vectors, index {entry.index}, recall@12 {entry.recall:.4f}")


@cli.command()
@click.argument("release", required=False)
@indexes_option
def verify(release: str | None, indexes: Path) -> None:
    """Compare every byte of a release (the served one by default) with its checksums."""
    folder = indexes / "releases" / release if release else current(indexes)
    manifest = Manifest.read(folder)
    found = list(damage(folder, manifest))
    if not found:
        store = PictureStore(indexes / "pictures")
        found = [
            f"{store.path(digest).relative_to(indexes)}: missing or changed; remove it, and the next build fetches it"
            for digest in sorted(Catalogue(folder / "catalogue").stored())
            if not store.verify(digest)
        ]
    _refuse_damaged(folder, found, "build again, or go back with `use`")
    click.echo(f"release {folder.name} is whole: {len(manifest.files)} files and {manifest.pictures:,} pictures")


@cli.command("use")
@click.argument("release")
@indexes_option
def use_release(release: str, indexes: Path) -> None:
    """Serve another release, for going back; a damaged one is refused."""
    folder = indexes / "releases" / release
    if folder in releases(indexes):
        _refuse_damaged(folder, list(damage(folder, Manifest.read(folder))), "what is served stays as it was")
    use(indexes, release)
    click.echo(f"now serving {release}")


def _refuse_damaged(folder: Path, found: list[str], advice: str) -> None:
    for sentence in found:
        click.echo(sentence)
    if found:
        raise click.ClickException(f"release {folder.name} is damaged; {advice}")


@cli.command("prune")
@click.option("--keep", type=click.IntRange(1, 100), default=3, help="Releases to keep.")
@indexes_option
def prune_releases(keep: int, indexes: Path) -> None:
    """Remove old releases, and pictures that no release shows any more."""
    pruned = prune(indexes, keep)
    for name in pruned.releases:
        click.echo(f"removed {name}")
    why = f" ({pruned.why_pictures_stay})" if pruned.why_pictures_stay else ""
    click.echo(f"removed {pruned.pictures:,} pictures{why}")


def main() -> None:
    """Run the command line; a problem that its reader can mend is a sentence and an exit status of its own."""
    # Before torch is imported. Threads that spin while they wait for a busy core make it ten times slower.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    try:
        cli(standalone_mode=True)
    except (VitrineError, OSError) as problem:
        click.echo(f"Error: {problem}", err=True)
        sys.exit(_STATUS.get(type(problem), 1))


if __name__ == "__main__":
    main()
