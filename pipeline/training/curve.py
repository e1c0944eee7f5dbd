"""The training curve as a picture."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.training.course import Progress

_OVER = 25  # steps in the running mean


def draw(steps: Sequence[Progress], target: Path) -> None:
    """The losses and both shares told apart rightly, each as a running mean, as a PNG. Needs Matplotlib."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3), dpi=80, layout="constrained")
    losses, shares = figure.subplots(1, 2)
    taught = [step for step in steps if step.likeness]
    for axes, names in ((losses, ("photos", "words", "likeness")), (shares, ("recognised", "named"))):
        for name in names:
            told = taught if name == "likeness" else steps
            if told:
                values = _smoothed(np.array([getattr(step, name) for step in told], dtype=float))
                axes.plot([step.step for step in told[-len(values) :]], values, label=name, linewidth=1.2)
        axes.set_xlabel("step")
        axes.grid(alpha=0.3)
        axes.legend()
    losses.set_title("Loss")
    shares.set_title("Told apart rightly within a batch")
    target.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(target, metadata={"Software": None})


def _smoothed(values: NDArray[np.float64]) -> NDArray[np.float64]:
    over = max(1, min(_OVER, len(values) // 4))
    return np.convolve(values, np.ones(over) / over, "valid")
