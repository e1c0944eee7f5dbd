"""The Harvard recommender's grid over the parameters of TF-IDF, measured on judged queries, with its heat map."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from pipeline.evaluate.engines import tf_idf
from pipeline.evaluate.judged import Judged
from pipeline.evaluate.measures import judge

# The grid of the Harvard recommender.
NGRAMS = ((1, 1), (1, 2), (1, 3))
MIN_DF = (1, 2, 5)
MAX_FEATURES = (5_000, 10_000, 15_000, 20_000)


@dataclass(frozen=True, slots=True)
class Point:
    """One choice of parameters and the mean nDCG@12 it gives."""

    ngrams: tuple[int, int]
    min_df: int
    max_features: int
    ndcg: float


def measure(texts: Sequence[str], ids: Sequence[str], queries: Sequence[Judged]) -> list[Point]:
    """The grid's points in its order."""
    found = []
    for ngrams, min_df, most in product(NGRAMS, MIN_DF, MAX_FEATURES):
        engine = tf_idf(texts, ngram_range=ngrams, min_df=min_df, max_features=most)
        figures = [judge([ids[row] for row in engine(q.query)], q.relevant).ndcg for q in queries]
        found.append(Point(ngrams, min_df, most, float(np.mean(figures)) if figures else 0.0))
    return found


def draw(points: Sequence[Point], path: Path) -> None:
    """The heat map as a PNG: a panel for each `min_df`. Raises ImportError where matplotlib is not installed."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 3.6), layout="constrained")
    FigureCanvasAgg(figure)
    values = {(p.min_df, p.ngrams, p.max_features): p.ndcg for p in points}
    low, high = min(values.values()), max(values.values())
    for axes, min_df in zip(figure.subplots(1, len(MIN_DF)), MIN_DF, strict=True):
        heat = [[values[min_df, ngrams, most] for most in MAX_FEATURES] for ngrams in NGRAMS]
        image = axes.imshow(heat, vmin=low, vmax=high, aspect="auto", cmap="viridis")
        for y, x in product(range(len(NGRAMS)), range(len(MAX_FEATURES))):
            colour = "black" if heat[y][x] > (low + high) / 2 else "white"  # to be read on yellow and on violet
            axes.text(x, y, f"{heat[y][x]:.3f}", ha="center", va="center", color=colour, fontsize=8)
        axes.set_xticks(range(len(MAX_FEATURES)), [f"{most:,}" for most in MAX_FEATURES])
        axes.set_yticks(range(len(NGRAMS)), [f"{first}–{last}" for first, last in NGRAMS])
        axes.set(title=f"min_df {min_df}", xlabel="max_features", ylabel="ngram_range")
    figure.colorbar(image, ax=figure.axes, label="nDCG@12")
    figure.savefig(path, dpi=120)
