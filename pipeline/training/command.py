"""`python -m pipeline train-pocket`: the bundled model, made again from nothing."""

from pathlib import Path

import click

from indexes.encoders import pocket
from pipeline.sources import SourceError
from pipeline.training.corpus import Corpus, generated, of_table
from pipeline.training.course import Course, Progress, read_progress

_SEED = 20260  # of the generated works: no collection that anybody would build
_USUAL = Course()


@click.command("train-pocket")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The weights to write.")
@click.option("--workspace", required=True, type=click.Path(file_okay=False, path_type=Path), help="Resumable state.")
@click.option(
    "--generated", "count", type=click.IntRange(0), default=3680, help="Works to generate, unlike any sample."
)
@click.option("--images", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Real pictures.")
@click.option("--table", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Their records.")
@click.option(
    "--hold-out", is_flag=True, help="Leave out the half of the real works that `evaluate pictures` measures."
)
@click.option("--steps", type=click.IntRange(1), default=_USUAL.steps, help="Batches to learn from.")
@click.option("--pairs", type=click.IntRange(2), default=_USUAL.pairs, help="Pictures in a batch.")
@click.option("--words", type=click.FloatRange(0), default=_USUAL.words, help="Weight of words against photos.")
@click.option("--generations", type=click.IntRange(0), default=_USUAL.generations, help="Times it then teaches itself.")
@click.option("--span", type=click.IntRange(1), default=_USUAL.span, help="Batches of a generation.")
@click.option("--reading", type=click.IntRange(0), default=_USUAL.reading, help="Batches of words alone at the end.")
@click.option("--seed", type=click.IntRange(0), default=_USUAL.seed, help="Of weights, batches and views.")
@click.option("--threads", type=click.IntRange(1), help="Of PyTorch; another number rounds differently.")
@click.option("--curve", type=click.Path(dir_okay=False, path_type=Path), help="A PNG of the training curve to write.")
def train_pocket(
    output: Path, workspace: Path, count: int, images: Path | None, table: Path | None, hold_out: bool,
    steps: int, pairs: int, words: float, generations: int, span: int, reading: int, seed: int, threads: int | None,
    curve: Path | None,
) -> None:  # fmt: skip
    """Train the bundled model; a run that was cut off goes on where it stopped."""
    import torch

    from pipeline.training.train import Training

    if (images is None) != (table is None):
        raise click.UsageError("--images and --table go together: pictures are learnt with their records.")
    if threads:
        torch.set_num_threads(threads)
    corpus = _corpus(count, images, table, hold_out, workspace)
    click.echo(f"{len(corpus):,} pictures, {sum(len(lesson.wordings) for lesson in corpus.lessons):,} wordings")
    lengths = {"steps": steps, "generations": generations, "span": span, "reading": reading}
    training = Training(corpus, Course(pairs=pairs, words=words, seed=seed, **lengths), workspace)
    training.run(_say)
    training.read(_say_read)
    output.parent.mkdir(parents=True, exist_ok=True)
    pocket.save_weights(training.model.half(), output)
    output.with_suffix(".words.txt").write_text("\n".join(corpus.words()) + "\n")
    click.echo(f"{output}: {output.stat().st_size / 1e6:.1f} MB after {training.step:,} steps")
    if curve:
        from pipeline.training.curve import draw

        draw(list(read_progress(workspace / "progress.jsonl")), curve)


def _corpus(count: int, images: Path | None, table: Path | None, hold_out: bool, workspace: Path) -> Corpus:
    parts = [generated(count, _SEED, workspace)] if count else []
    if images and table:
        try:
            parts.append(of_table(table, images, held_out=False if hold_out else None))
        except SourceError as error:
            raise click.ClickException(str(error)) from None
    if not sum(len(part) for part in parts):
        raise click.UsageError("There is nothing to learn from: neither generated works nor real ones.")
    corpus = parts[0]
    for part in parts[1:]:
        corpus += part
    return corpus


def _say(progress: Progress) -> None:
    if progress.step % 10 == 0:
        click.echo(
            f"step {progress.step:>5}  photos {progress.photos:.3f}  words {progress.words:.3f}  "
            f"recognised {progress.recognised:.3f}  named {progress.named:.3f}  {progress.seconds:.1f} s"
        )


def _say_read(step: int, loss: float) -> None:
    if step % 100 == 0:
        click.echo(f"reading {step:>5}  words {loss:.3f}")
