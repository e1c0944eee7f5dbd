"""The last part of the training: words learn to find pictures that stay where they are.

A step costs a sixth of one that moves pictures too, and every wording is held against all pictures at once, as a
visitor's is in a search; so it is here that words get precise.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from indexes.encoders import pocket
from pipeline.training.corpus import Corpus
from pipeline.training.lessons import Lessons
from pipeline.training.views import as_they_are, batches

_TEXTS = 96  # in a batch
_RATE = 1e-3
_SEED = 1  # apart from the batches of pictures


def read(model: Any, corpus: Corpus, lessons: Lessons, steps: int, said: Callable[[int, float], None]) -> None:
    """Trains the text side alone; `said` hears of every step and its loss."""
    if not steps:
        return
    vectors = _vectors(model.eval(), corpus)
    moving = [parameter for name, parameter in model.named_parameters() if not name.startswith("visual.")]
    optimizer = torch.optim.AdamW(moving, lr=_RATE, betas=(0.9, 0.98), weight_decay=0.02)
    random = np.random.default_rng(_SEED)
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = _RATE * min(1.0, (step + 1) / 30) * (1 + math.cos(math.pi * step / steps)) / 2
        tokens, true = lessons.questions(_TEXTS, random)
        with torch.autocast("cpu", torch.bfloat16):
            texts = model.encode_text(tokens)
        logits = model.logit_scale.exp() * functional.normalize(texts.float(), dim=-1) @ vectors.T
        loss = -(functional.log_softmax(logits, dim=1) * true / true.sum(1, keepdim=True)).sum(1).mean()
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        with torch.no_grad():
            model.logit_scale.clamp_(0, math.log(100))
        said(step + 1, loss.item())


def _vectors(model: Any, corpus: Corpus) -> Tensor:
    """The unit vectors of all pictures as they are, (n, dimension)."""
    rows = []
    for some in batches(corpus.pictures):
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            rows.append(functional.normalize(model.encode_image(as_they_are(some, pocket.SIDE)).float(), dim=-1))
    return torch.cat(rows)
