"""Batches: which pictures, with which words, and which words are true of which pictures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from pipeline.training.corpus import Corpus
from pipeline.training.views import of_bytes
from pipeline.training.wordings import Wording

_OWN = 0.1  # of the wordings are true of their own work alone
_GROUPS = 8  # generated works of a batch come from so many genres, so that colours and grounds tell them apart


@dataclass(frozen=True, slots=True)
class Batch:
    """Some pictures with one wording each."""

    pictures: Tensor  # (n, 3, side, side), 0..1
    shapes: Tensor  # (n,): width over height
    tokens: Tensor  # (n, context length)
    true: Tensor  # (n, n) bool: whether the wording of the column is true of the picture of the row


class Lessons:
    """A corpus made ready for training: batch `step` depends on the seed and the step alone."""

    def __init__(self, corpus: Corpus, tokenize: Callable[[list[str]], Tensor], seed: int) -> None:
        """`tokenize` is the model's."""
        self._corpus, self._seed = corpus, seed
        names = sorted({fact for lesson in corpus.lessons for fact in lesson.facts})
        self._number = {name: number for number, name in enumerate(names)}
        self._facts = torch.stack([self._flags(lesson.facts) for lesson in corpus.lessons])
        texts = sorted({wording.text for lesson in corpus.lessons for wording in lesson.wordings})
        self._tokens = dict(zip(texts, tokenize(texts), strict=True))
        groups: dict[str, list[int]] = {}
        for row, lesson in enumerate(corpus.lessons):
            groups.setdefault(lesson.group, []).append(row)
        self._real = np.array(groups.pop("real", []), dtype=int)
        self._generated = [np.array(rows) for rows in groups.values()]

    def batch(self, step: int, count: int) -> Batch:
        """`count` pictures, half of them real where there are any."""
        random = np.random.default_rng([self._seed, step])
        rows = self._rows(count, random)
        said = [_wording(self._corpus.lessons[row].wordings, random) for row in rows.tolist()]
        needed = torch.stack([self._flags(wording.facts) for wording in said]).float()
        lacking = (1 - self._facts[torch.from_numpy(rows)].float()) @ needed.T
        of_many = torch.tensor([bool(wording.facts) for wording in said])
        return Batch(
            of_bytes(self._corpus.pictures[rows]),
            torch.tensor([self._corpus.lessons[row].shape for row in rows.tolist()]),
            torch.stack([self._tokens[wording.text] for wording in said]),
            ((lacking == 0) & of_many) | torch.eye(len(rows), dtype=torch.bool),
        )

    def questions(self, count: int, random: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Wordings as tokens (n, context length), and of which of all pictures each is true, (n, pictures) 0 or 1.

        At most `count`: what is asked twice is asked once.
        """
        said: dict[str, tuple[int, Wording]] = {}
        for row in self._rows(count, random).tolist():
            wording = _wording(self._corpus.lessons[row].wordings, random)
            said[wording.text] = row, wording
        true = torch.zeros(len(said), len(self._corpus))
        for line, (row, wording) in zip(true, said.values(), strict=True):
            if wording.facts:
                line += self._facts[:, [self._number[fact] for fact in wording.facts]].all(dim=1)
            else:
                line[row] = 1
        return torch.stack([self._tokens[text] for text in said]), true

    def _rows(self, count: int, random: np.random.Generator) -> np.ndarray:
        real = min(len(self._real), count // 2 if self._generated else count)
        chosen = [random.choice(self._real, real, replace=False)] if real else []
        if self._generated:
            groups = random.choice(len(self._generated), min(_GROUPS, len(self._generated)), replace=False)
            pool = np.concatenate([self._generated[group] for group in groups])
            chosen.append(random.choice(pool, min(len(pool), count - real), replace=False))
        return np.concatenate(chosen)

    def _flags(self, facts: frozenset[str]) -> Tensor:
        flags = torch.zeros(len(self._number), dtype=torch.bool)
        flags[[self._number[fact] for fact in facts]] = True
        return flags


def _wording(wordings: Sequence[Wording], random: np.random.Generator) -> Wording:
    """One of the wordings; seldom one that is true of its own work alone, of which there is less to learn."""
    own, shared = ([wording for wording in wordings if bool(wording.facts) == facts] for facts in (False, True))
    few = own if own and (not shared or random.random() < _OWN) else shared
    return few[int(random.integers(len(few)))]
