"""Simulated photos of many pictures at once, as the network is taught with: fast, rough, and stronger than life.

What they are judged by later is drawn picture by picture in `photos`, by other means, so that the network cannot learn
the habits of its examiner.
"""

import math
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

MEAN, STD = (0.48145466, 0.4578275, 0.40821073), (0.26862954, 0.26130258, 0.27577711)  # open_clip's, per channel
_BATCH = 64
_CORNERS = torch.tensor([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


class Views:
    """Draws views of pictures with random numbers of its own, so that equal seeds give equal views."""

    def __init__(self, size: int, seed: int) -> None:
        """Views of `size` x `size` pixels."""
        self._size = size
        self._random = torch.Generator().manual_seed(seed)

    def anew(self, pictures: Tensor) -> Tensor:
        """Pictures as if of more works than there are: half of them mirrored, a third cut out of a larger one.

        Drawn before the two views of a picture, which are then of the same new work.
        """
        count, side = len(pictures), pictures.shape[-1]
        share = torch.where(self._uniform(count, 0, 1) < 1 / 3, self._uniform(count, 0.55, 0.9), 1.0)
        mirror = torch.where(self._uniform(count, 0, 1) < 0.5, -1.0, 1.0)
        shift = self._uniform((count, 2), -1, 1) * (1 - share)[:, None]
        zero = torch.zeros(count)
        affine = torch.stack([share * mirror, zero, shift[:, 0], zero, share, shift[:, 1]], 1).view(count, 2, 3)
        grid = functional.affine_grid(affine, [count, 3, side, side], align_corners=False)
        return functional.grid_sample(pictures, grid, padding_mode="border", align_corners=False)

    def draw(self, pictures: Tensor, shapes: Tensor, calm: float) -> Tensor:
        """Pictures (n, 3, side, side) in 0..1 and their width over height -> normalised views (n, 3, size, size).

        A share `calm` of them is nearly as a museum photographs its works, the others as visitors do.
        """
        strength = torch.where(self._uniform(len(pictures), 0, 1) < calm, 0.12, self._uniform(len(pictures), 0.3, 2.0))
        views = self._light(self._geometry(pictures, shapes, strength), strength)
        views = self._sensor(views, strength).clamp(0, 1)
        return normalised(views)

    def _geometry(self, pictures: Tensor, shapes: Tensor, strength: Tensor) -> Tensor:
        """Crop or distance, letterbox, rotation, perspective, frame and wall."""
        count, side = len(pictures), self._size * 5 // 4  # drawn larger, so that thin lines do not break up
        grid = _grid(self._corners(shapes, strength), side)
        sampled = functional.grid_sample(pictures, grid, padding_mode="border", align_corners=False)
        out = grid.abs().amax(dim=-1)[:, None]
        frame = (self._uniform(count, 0, 0.22) * (self._uniform(count, 0, 1) < 0.6)).view(-1, 1, 1, 1)
        framed = torch.where(out > 1, self._paint(count), sampled)
        behind = torch.where(out > 1 + frame, self._wall(count, side), framed)
        size = (self._size, self._size)
        return functional.interpolate(behind, size, mode="bilinear", antialias=True, align_corners=False)

    def _corners(self, shapes: Tensor, strength: Tensor) -> Tensor:
        """Where the view's corners lie on the picture, (n, 4, 2), its own corners being (+-1, +-1)."""
        count = len(shapes)
        extent = (self._uniform(count, -0.33, 0.36) * strength).exp()[:, None]
        uneven = (self._normal(count, 2) * 0.1 * strength[:, None]).exp()
        bars = torch.where(self._uniform(count, 0, 1) < 0.4, self._uniform(count, 0, 0.6) * strength, 0.0).exp()
        wide = (self._uniform(count, 0, 1) < 0.5)[:, None]
        boxed = torch.where(wide ^ torch.tensor([False, True]), bars[:, None], 1.0)
        half = extent * uneven * boxed
        shift = self._uniform((count, 2), -1, 1) * ((half - 1).abs() + 0.08 * strength[:, None])
        corners = _CORNERS * half[:, None] + self._uniform((count, 4, 2), -0.2, 0.2) * (strength * half.T).T[:, None]
        angle = (self._normal(count) * math.radians(9) * strength)[:, None]
        stretch = shapes.sqrt()[:, None]
        x, y = corners[..., 0] * stretch, corners[..., 1] / stretch  # a turn keeps lengths, not shares of the sides
        turned = torch.stack(
            [(x * angle.cos() - y * angle.sin()) / stretch, (x * angle.sin() + y * angle.cos()) * stretch], -1
        )
        return turned + shift[:, None]

    def _paint(self, count: int) -> Tensor:
        """A frame's colour: dark, gilded or pale."""
        grey = self._uniform((count, 1, 1, 1), 0.03, 0.95)
        return (grey + self._normal(count, 3, 1, 1) * 0.08).clamp(0, 1)

    def _wall(self, count: int, side: int) -> Tensor:
        """What is round the frame: a flat colour, with light and clutter on it."""
        plain = self._uniform((count, 1, 1, 1), 0, 1) + self._normal(count, 3, 1, 1) * 0.1
        clutter = functional.interpolate(
            self._normal(count, 3, 5, 5), (side, side), mode="bilinear", align_corners=False
        )
        busy = self._uniform((count, 1, 1, 1), 0, 1) ** 3 * 0.35
        return (plain + clutter * busy).clamp(0, 1)

    def _light(self, views: Tensor, strength: Tensor) -> Tensor:
        """Exposure, white balance, contrast, saturation, light from one side, glare."""
        count, by = len(views), strength.view(-1, 1, 1, 1)
        views = views.clamp(1e-4, 1) ** (self._normal(count, 1, 1, 1) * 0.2 * by).exp()
        views = views * (self._normal(count, 1, 1, 1) * 0.16 * by + self._normal(count, 3, 1, 1) * 0.08 * by).exp()
        grey = views.mean(dim=1, keepdim=True)
        views = grey + (views - grey) * (1 + self._uniform((count, 1, 1, 1), -0.3, 0.2) * by)
        middle = views.mean(dim=(1, 2, 3), keepdim=True)
        views = middle + (views - middle) * (1 + self._uniform((count, 1, 1, 1), -0.3, 0.2) * by)
        line = torch.linspace(-1, 1, self._size)
        slope = self._normal(count, 2, 1, 1) * 0.14 * by
        views = views * (1 + slope[:, :1] * line + slope[:, 1:] * line[:, None]).clamp(min=0.2)
        spot = self._uniform((count, 2, 1, 1), -1, 1)
        near = ((line - spot[:, :1]) ** 2 + (line[:, None] - spot[:, 1:]) ** 2) / self._uniform(
            (count, 1, 1, 1), 0.02, 0.2
        )
        shine = self._uniform((count, 1, 1, 1), 0, 0.5) * by * (self._uniform((count, 1, 1, 1), 0, 1) < 0.25)
        return views + shine * (-near).exp()

    def _sensor(self, views: Tensor, strength: Tensor) -> Tensor:
        """Blur of focus and of motion, a coarse original, noise."""
        count, by = len(views), strength.view(-1, 1, 1, 1)
        share = self._uniform((count, 2, 1, 1), 0, 1).square() * by.clamp(max=1)
        for axis, kernel in enumerate(((1, 5), (5, 1))):
            across = functional.avg_pool2d(views, kernel, 1, (kernel[0] // 2, kernel[1] // 2), count_include_pad=False)
            views = views + share[:, axis : axis + 1] * (across - views)
        coarse = functional.interpolate(
            functional.avg_pool2d(views, 2), scale_factor=2, mode="bilinear", align_corners=False
        )
        views = views + (self._uniform((count, 1, 1, 1), 0, 1) < 0.15 * by) * (coarse - views)
        return views + self._normal(*views.shape) * self._uniform((count, 1, 1, 1), 0, 0.045) * by

    def _uniform(self, shape: int | tuple[int, ...], low: float, high: float) -> Tensor:
        return torch.rand(shape, generator=self._random) * (high - low) + low

    def _normal(self, *shape: int) -> Tensor:
        return torch.randn(shape, generator=self._random)


def of_bytes(pictures: NDArray[np.uint8]) -> Tensor:
    """Pictures (n, side, side, 3) -> (n, 3, side, side) in 0..1."""
    return torch.from_numpy(pictures).permute(0, 3, 1, 2).float() / 255


def batches(pictures: NDArray[np.uint8]) -> Iterator[Tensor]:
    """The same, 64 at a time, so that they need not all fit into memory."""
    for start in range(0, len(pictures), _BATCH):
        yield of_bytes(pictures[start : start + _BATCH])


def as_they_are(pictures: Tensor, size: int) -> Tensor:
    """Pictures (n, 3, side, side) in 0..1 -> normalised (n, 3, size, size), without anything of a photo."""
    small = functional.interpolate(pictures, (size, size), mode="bilinear", antialias=True, align_corners=False)
    return normalised(small)


def normalised(pictures: Tensor) -> Tensor:
    """Pictures (n, 3, height, width) in 0..1 as the network wants them."""
    mean, std = (torch.tensor(each).view(1, 3, 1, 1) for each in (MEAN, STD))
    return ((pictures - mean) / std).contiguous(memory_format=torch.channels_last)


def _grid(corners: Tensor, side: int) -> Tensor:
    """The homography that takes (+-1, +-1) to each row's corners, at every pixel of a view: (n, side, side, 2)."""
    count = len(corners)
    u, v = _CORNERS[:, 0].expand(count, 4), _CORNERS[:, 1].expand(count, 4)
    x, y = corners[..., 0], corners[..., 1]
    zero, one = torch.zeros_like(x), torch.ones_like(x)
    rows = [
        torch.stack([u, v, one, zero, zero, zero, -u * x, -v * x], -1),
        torch.stack([zero, zero, zero, u, v, one, -u * y, -v * y], -1),
    ]
    solved = torch.linalg.solve(torch.cat(rows, 1), torch.cat([x, y], 1))
    matrix = torch.cat([solved, torch.ones(count, 1)], 1).view(count, 3, 3)
    line = (torch.arange(side) + 0.5) / side * 2 - 1
    points = torch.stack([line.expand(side, side), line[:, None].expand(side, side), torch.ones(side, side)], -1)
    seen = points.view(1, -1, 3) @ matrix.transpose(1, 2)
    return (seen[..., :2] / seen[..., 2:].clamp(min=0.1)).view(count, side, side, 2)
