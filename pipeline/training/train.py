"""The training loop of `pocket`: pictures beside words, and photos of one picture beside each other.

Words: contrastive image-text learning (Radford et al., "Learning Transferable Visual Models", 2021) in which every
wording that is true of a picture counts as right. Photos: two views of one picture against all others (Chen et al.,
"A Simple Framework for Contrastive Learning of Visual Representations", 2020). Then the network teaches itself: see
`distillation`.
"""

import json
import math
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional

from indexes.encoders import pocket
from pipeline.training.corpus import Corpus
from pipeline.training.course import Course, Progress, rate, read_progress
from pipeline.training.distillation import Teacher, likeness_loss
from pipeline.training.lessons import Lessons
from pipeline.training.reading import read
from pipeline.training.views import Views

_DECAY = 0.05
_SHARPEST = math.log(100)


class Training:
    """A model at some step of its course, kept in a folder."""

    def __init__(self, corpus: Corpus, course: Course, folder: Path) -> None:
        """Goes on from the folder's checkpoint where there is one."""
        self.course, self._folder, self._corpus = course, folder, corpus
        self.model, tokenize = pocket.untrained()
        self.model.to(memory_format=torch.channels_last).train()
        self._lessons = Lessons(corpus, tokenize, course.seed)
        self._scales = torch.nn.Parameter(torch.full((2,), math.log(10.0)))  # of photos and of likeness
        self._optimizer = self._optimizer_anew()
        self._teacher: Teacher | None = None
        self.step = 0
        folder.mkdir(parents=True, exist_ok=True)
        if self._checkpoint.exists():
            self._restore()
        log = self._folder / "progress.jsonl"  # steps after the checkpoint, or before there was one, are learnt anew
        log.write_text("".join(f"{json.dumps(asdict(p))}\n" for p in read_progress(log) if p.step <= self.step))

    def run(self, said: Callable[[Progress], None] = lambda _: None) -> None:
        """Learn to the end of the course, or until interrupted; `said` hears of every step."""
        with (self._folder / "progress.jsonl").open("a", encoding="utf-8") as log:
            while self.step < self.course.all_steps:
                if self.course.begins_generation(self.step):
                    self._teacher, self._optimizer = self._taught(), self._optimizer_anew()
                progress = self._learn()
                log.write(json.dumps(asdict(progress)) + "\n")
                said(progress)
                at_the_end = self.step == self.course.all_steps
                if at_the_end and self._teacher:
                    self._teacher.meet(self.model)
                if at_the_end or self.step % self.course.every == 0:
                    log.flush()
                    self._keep()

    def read(self, said: Callable[[int, float], None] = lambda *_: None) -> None:
        """The words alone, at the end; cut off, it begins anew, for it takes a few minutes."""
        read(self.model, self._corpus, self._lessons, self.course.reading, said)

    def _taught(self) -> Teacher:
        """The network of this moment as a teacher."""
        last = self.course.is_last_generation(self.step)
        return Teacher(self.model, self._corpus.pictures if last else None)

    def _optimizer_anew(self) -> torch.optim.Optimizer:
        weights = [p for p in self.model.parameters() if p.ndim > 1]
        others = [p for p in self.model.parameters() if p.ndim <= 1]
        return torch.optim.AdamW(
            [{"params": weights, "weight_decay": _DECAY}, {"params": [*others, self._scales], "weight_decay": 0.0}],
            lr=self.course.rate, betas=(0.9, 0.98),
        )  # fmt: skip

    def _learn(self) -> Progress:
        start = time.perf_counter()
        for group in self._optimizer.param_groups:
            group["lr"] = rate(self.course, self.step)
        batch = self._lessons.batch(self.step, self.course.pairs)
        views = Views(pocket.SIDE, self.course.seed * 1_000_003 + self.step)
        pictures = views.anew(batch.pictures)
        both = torch.cat([views.draw(pictures, batch.shapes, calm) for calm in (0.7, 0.0)])
        with torch.autocast("cpu", torch.bfloat16):
            seen, texts = self.model.encode_image(both), self.model.encode_text(batch.tokens)
        seen, texts = (functional.normalize(vectors.float(), dim=-1) for vectors in (seen, texts))
        of_photos, of_likeness = self._scales.exp()
        photos, recognised = photo_loss(seen, of_photos)
        words, named = word_loss(seen, texts, batch.true, self.model.logit_scale.exp())
        likeness = torch.zeros(())
        if self._teacher:
            likeness = likeness_loss(seen, self._teacher.likeness(pictures), of_likeness)
        self._optimizer.zero_grad()
        torch.autograd.backward(photos + self.course.words * words + likeness)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self._optimizer.step()
        with torch.no_grad():
            self._scales.clamp_(0, _SHARPEST)
            self.model.logit_scale.clamp_(0, _SHARPEST)
        self.step += 1
        seconds = time.perf_counter() - start
        losses = photos.item(), words.item(), recognised, named
        return Progress(self.step, *losses, round(seconds, 3), likeness.item())

    @property
    def _checkpoint(self) -> Path:
        return self._folder / "checkpoint.safetensors"

    def _keep(self) -> None:
        state = {"scales": self._scales.detach(), "step": torch.tensor(self.step)}
        models = {"model": self.model} | ({"teacher": self._teacher.model} if self._teacher else {})
        for name, model in models.items():
            state |= {f"{name}.{key}": tensor.contiguous() for key, tensor in model.state_dict().items()}
        for number, values in self._optimizer.state_dict()["state"].items():
            state |= {f"optimizer.{number}.{key}": value.contiguous() for key, value in values.items()}
        draft = self._checkpoint.with_suffix(".part")
        save_file(state, draft)
        draft.replace(self._checkpoint)

    def _restore(self) -> None:
        state = load_file(self._checkpoint)
        self.step = int(state["step"])
        self._scales.data.copy_(state["scales"])
        taught = _part(state, "teacher")
        if taught:
            self.model.load_state_dict(taught)
            self._teacher = self._taught()
        self.model.load_state_dict(_part(state, "model"))
        moments: dict[int, dict[str, Any]] = {}
        for name, value in _part(state, "optimizer").items():
            number, key = name.split(".")
            moments.setdefault(int(number), {})[key] = value
        self._optimizer.load_state_dict({**self._optimizer.state_dict(), "state": moments})


def _part(state: dict[str, Tensor], name: str) -> dict[str, Tensor]:
    return {key.removeprefix(f"{name}."): value for key, value in state.items() if key.startswith(f"{name}.")}


def photo_loss(views: Tensor, scale: Tensor) -> tuple[Tensor, float]:
    """Loss over (2n, d) unit vectors, row i and row n + i of one picture; and the share told apart rightly."""
    count = len(views) // 2
    logits = (scale * views @ views.T).masked_fill(torch.eye(2 * count, dtype=torch.bool), -math.inf)
    other = torch.arange(2 * count).roll(count)
    return functional.cross_entropy(logits, other), (logits.argmax(dim=1) == other).float().mean().item()


def word_loss(views: Tensor, texts: Tensor, true: Tensor, scale: Tensor) -> tuple[Tensor, float]:
    """Loss of (2n, d) views against (n, d) texts, of which those that are `true` (n, n) count as right."""
    logits = scale * views @ texts.T
    right = torch.cat([true, true]).float()
    to_texts = -(functional.log_softmax(logits, dim=1) * right / right.sum(1, keepdim=True)).sum(1).mean()
    to_views = -(functional.log_softmax(logits, dim=0) * right / right.sum(0, keepdim=True)).sum(0).mean()
    named = right.gather(1, logits.argmax(dim=1, keepdim=True)).mean().item()
    return (to_texts + to_views) / 2, named
