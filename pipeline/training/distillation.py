"""A network teaches its successor which pictures are alike.

The last layer of a network keeps what tells works apart and lets go of the rest; the map of features before it knows
better what resembles what (Chen et al., "A Simple Framework for Contrastive Learning of Visual Representations", 2020,
section 4.2). So a copy that stays as it is says by that map too how alike pictures are, and the vectors of the network
that learns on come to say the same of photos of them (Park et al., "Relational Knowledge Distillation", 2019;
Furlanello et al., "Born-Again Neural Networks", 2018).

The last teacher takes a picture together with those nearest to it among all that there are to learn from (Turcot and
Lowe, "Better Matching with Fewer Features", 2009): that knows still better what resembles what, and forgets what tells
works apart. So what is learnt from it is met halfway.
"""

import copy
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from indexes.encoders import pocket
from pipeline.training.views import as_they_are, batches

_INNER = 2.0  # weight of the map's mean and spread against the vector
_TEMPERATURE = 0.05
_NEAR = 8  # pictures that one is taken together with
_NOTHING = -1e4  # in place of minus infinity, of which no share can be taken


class Teacher:
    """A network as it was at some moment."""

    def __init__(self, model: Any, around: NDArray[np.uint8] | None = None) -> None:
        """Copies it. With pictures `around` (n, side, side, 3) it takes each one together with the nearest of these."""
        self._around, self._known_around = around, torch.empty(0)
        self.model = copy.deepcopy(model).eval().requires_grad_(False)
        self._maps: list[Tensor] = []
        self.model.visual.layer4.register_forward_hook(lambda _module, _inputs, output: self._maps.append(output))

    def likeness(self, pictures: Tensor) -> Tensor:
        """Pictures (n, 3, side, side) in 0..1 -> (n, n): of what is like a row's picture, the share of each other.

        Rows sum to 1.
        """
        known = self._known(pictures)
        if self._around is not None:
            known = functional.normalize(known + self._near(known, self._around), dim=1)
        return _of_others(known @ known.T / _TEMPERATURE).exp()

    def _known(self, pictures: Tensor) -> Tensor:
        """Unit rows of the vector and of mean and spread of the map."""
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
            vectors = self.model.encode_image(as_they_are(pictures, pocket.SIDE)).float()
        features = self._maps.pop().float()
        inner = torch.cat([features.mean(dim=(2, 3)), features.std(dim=(2, 3))], dim=1)
        parts = [functional.normalize(vectors, dim=1), _INNER * functional.normalize(inner, dim=1)]
        return functional.normalize(torch.cat(parts, dim=1), dim=1)

    def _near(self, known: Tensor, around: NDArray[np.uint8]) -> Tensor:
        """The sum of the nearest rows around each, more of those that are nearer."""
        if not len(self._known_around):
            self._known_around = torch.cat([self._known(some) for some in batches(around)])
        likeness, rows = (known @ self._known_around.T).topk(min(_NEAR, len(around)), dim=1)
        return (likeness[:, :, None] * self._known_around[rows]).sum(dim=1)

    def meet(self, model: Any) -> None:
        """Gives a network the mean of its own weights and this one's."""
        for own, taught in zip(model.state_dict().values(), self.model.state_dict().values(), strict=True):
            if own.is_floating_point():
                own.lerp_(taught, 0.5)


def likeness_loss(views: Tensor, likeness: Tensor, scale: Tensor) -> Tensor:
    """How far (2n, d) unit vectors, row i and row n + i of one picture, are from a teacher's `likeness` (n, n)."""
    one, other = views.chunk(2)
    learnt = torch.cat([_of_others(scale * one @ other.T), _of_others(scale * other @ one.T)])
    return functional.kl_div(learnt, torch.cat([likeness, likeness]), reduction="batchmean")


def _of_others(likeness: Tensor) -> Tensor:
    """The logarithm of each one's share in its row, a picture itself left out."""
    return likeness.masked_fill(torch.eye(len(likeness), dtype=torch.bool), _NOTHING).log_softmax(dim=1)
