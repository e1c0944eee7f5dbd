"""How a network teaches its successor which pictures are alike."""

import math
from pathlib import Path

import pytest
import torch
from torch.nn import functional

from indexes.encoders import pocket
from pipeline.training.corpus import generated
from pipeline.training.distillation import Teacher, likeness_loss
from pipeline.training.views import of_bytes


def test_a_teacher_shares_likeness_among_others() -> None:
    model, _ = pocket.untrained()
    pictures = torch.rand(4, 3, 96, 96, generator=torch.Generator().manual_seed(1))
    picture, strangers = pictures[:1], pictures[1:]
    likeness = Teacher(model).likeness(torch.cat([picture * torch.linspace(0, 1, 96), picture, strangers]))
    assert torch.allclose(likeness.sum(dim=1), torch.ones(5), atol=1e-5)
    assert likeness.diagonal().abs().max() == 0
    near = Teacher(model).likeness(torch.cat([picture, picture, strangers]))
    assert near[0].argmax() == 1
    assert near[0, 1] > likeness[0, 1]


def test_a_teacher_tells_by_more_than_its_vectors() -> None:
    model, _ = pocket.untrained()
    with torch.no_grad():
        model.visual.attnpool.c_proj.weight.zero_()  # all vectors are equal
    pictures = torch.rand(4, 3, 96, 96, generator=torch.Generator().manual_seed(1))
    likeness = Teacher(model).likeness(torch.cat([pictures, pictures[:1]]))
    assert likeness[0].argmax() == 4


def test_a_teacher_stays_as_it_was() -> None:
    model, _ = pocket.untrained()
    teacher = Teacher(model)
    pictures = torch.rand(3, 3, 96, 96, generator=torch.Generator().manual_seed(1))
    before = teacher.likeness(pictures)
    with torch.no_grad():
        model.visual.attnpool.c_proj.bias += 1
    assert torch.equal(teacher.likeness(pictures), before)


def test_nothing_is_lost_where_views_are_as_alike_as_the_teacher_says() -> None:
    views = functional.normalize(torch.randn(5, 8, generator=torch.Generator().manual_seed(1)), dim=1)
    scale = torch.tensor(10.0)
    same = (scale * views @ views.T).masked_fill(torch.eye(5, dtype=torch.bool), -math.inf).softmax(dim=1)
    both = torch.cat([views, views])
    assert likeness_loss(both, same, scale).item() == pytest.approx(0, abs=1e-6)
    assert likeness_loss(both, same.roll(1, 0), scale) > 0.5


def test_a_teacher_that_asks_around_finds_alike_what_is_near_to_the_same(tmp_path: Path) -> None:
    pictures = of_bytes(generated(4, 9, tmp_path, workers=1).pictures)
    between = torch.cat([pictures[:2].mean(dim=0, keepdim=True), pictures[2:]])
    around = (between.repeat_interleave(8, dim=0) * 255).byte().permute(0, 2, 3, 1).numpy()
    model = pocket.load().model
    alone, asking = Teacher(model).likeness(pictures), Teacher(model, around).likeness(pictures)
    assert asking[0, 1] > alone[0, 1] + 0.1
    assert asking[1, 0] > alone[1, 0] + 0.1


def test_a_network_meets_its_teacher_halfway() -> None:
    model, _ = pocket.untrained()
    before = model.visual.attnpool.c_proj.bias.detach().clone()
    teacher = Teacher(model)
    with torch.no_grad():
        model.visual.attnpool.c_proj.bias += 1
    teacher.meet(model)
    assert torch.allclose(model.visual.attnpool.c_proj.bias, before + 0.5, atol=1e-6)
    assert torch.equal(teacher.model.visual.attnpool.c_proj.bias, before)
