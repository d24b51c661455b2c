"""The loss of all data: its value, its gradient, and what each micro-batch weighs."""

import copy
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from typing import Any

import torch
from torch import Tensor

from ...errors import InputError
from ..budget import PROBE, fitting_batch_size, saved_bytes, spare_bytes
from ..devices import widest_dtype
from ..group import current_processes
from .batches import Batch, Batches
from .derivatives import Maybe, gradient
from .evaluation import evaluated
from .objective import Objective
from .preserve import preserved

__all__ = ["Risk"]


class Risk:
    """L(θ) = Σ_k c_k L_k(θ) over micro-batches, c_k = w_k / Σ w (means) or 1 (sums).

    Making one runs the model over the data once, and checks that outputs and targets
    belong together and that the loss is a finite number. Of several processes each runs
    over its own micro-batches; all of them know all c_k, the loss and the gradient.

    Parameters
    ----------
    objective : Objective
        The model and its loss, for one batch.
    data, batch_size
        As the operators take them.

    Attributes
    ----------
    batches : Batches
        All data.
    loss : float
        L(θ).
    coefficients : tuple of float
        c_k; 0 for a micro-batch in which every label is ignored.
    weight : float
        Σ w for a mean, as `Loss.weight` counts; the number of micro-batches for a sum.
    starts : tuple of int
        Number of the first sample of each micro-batch.
    processes : Processes
        Which share the micro-batches.

    Raises
    ------
    InputError
        If the model fails on a batch, draws random numbers, or its loss is not finite;
        or model and data are not the same in all processes.
    """

    def __init__(
        self, objective: Objective, data: Any, batch_size: int | None = None
    ) -> None:
        self.objective = objective
        self.processes = current_processes()
        with self.processes.together("model", objective.identity):
            self.batches = Batches(data, batch_size=batch_size, device=objective.device)
        self._choose_batch_size(batch_size)
        sizes, losses, weights = self._evaluated()
        self.starts = tuple(accumulate(sizes[:-1], initial=0))
        self.weight = math.fsum(weights)
        self._refuse_senseless(len(weights))
        self.coefficients = tuple(
            weight * self.scale if self.is_mean else 1.0 for weight in weights
        )
        # the mean of nothing is NaN in torch
        self.loss = math.fsum(
            c * loss for c, loss in zip(self.coefficients, losses, strict=True) if c
        )
        self._gradient: Tensor | None = None

    @property
    def is_mean(self) -> bool:
        """Whether L is a mean, and not a sum."""
        return self.objective.loss.reduction == "mean"

    @property
    def scale(self) -> float:
        """What the sum of all samples' losses is multiplied by."""
        return 1 / self.weight if self.is_mean else 1.0

    def restricted(self, names: Sequence[str]) -> "Risk":
        """The same as a function of some of the parameters."""
        part = copy.copy(self)
        part.objective = self.objective.restricted(names)
        part._gradient = None
        return part

    def gradient(self) -> Tensor:
        """∇L(θ) (p,), float64 where the device has it.

        Raises
        ------
        InputError
            If an entry is not finite.
        """
        if self._gradient is None:
            total = self.processes.summed(self._own_gradient, "gradient")
            if not bool(torch.isfinite(total).all()):
                raise InputError(
                    "the gradient of the loss is not finite; expected a loss that is "
                    "differentiable at the model's weights"
                )
            self._gradient = total
        return self._gradient.clone()

    def passes(self) -> Iterator[tuple[int, Batch]]:
        """One pass over this process's data, with the model ready to be differentiated.

        Yields
        ------
        (int, Batch)
            Number of the micro-batch, and the batch as the objective takes it.
        """
        with self.ready():
            for index, batch in self.batches.owned(self.processes):
                yield index, self.objective.prepared(batch)

    @contextmanager
    def ready(self) -> Iterator[None]:
        """The model in evaluation mode; everything as before at the end."""
        with preserved(
            self.objective.model,
            device=self.objective.device,
            batch_norm=self.objective.batch_norm,
        ):
            yield

    def add(self, total: Tensor, parts: Maybe, c: float) -> None:
        """total += c × one tensor, or None where it is 0, for each parameter."""
        flat = [
            torch.zeros_like(theta).view(-1) if part is None else part.reshape(-1)
            for part, theta in zip(parts, self.objective.theta, strict=True)
        ]
        # one sum of long vectors costs less than a sum for each parameter
        total.add_(torch.cat(flat), alpha=c)

    @property
    def owned(self) -> tuple[int, ...]:
        """Numbers of the micro-batches that this process computes: c_k is not 0."""
        return tuple(
            index
            for index, c in enumerate(self.coefficients)
            if c and self.processes.owns(index)
        )

    def _own_gradient(self) -> Tensor:
        """Σ_k c_k ∇L_k over the micro-batches of this process."""
        objective = self.objective
        total = torch.zeros(
            objective.parameters.p,
            dtype=widest_dtype(objective.device),
            device=objective.device,
        )
        for index, batch in self.passes():
            if self.coefficients[index]:
                _, slopes = gradient(
                    lambda theta, batch=batch: objective.value(theta, batch),  # type: ignore[misc]
                    objective.theta,
                )
                self.add(total, slopes, self.coefficients[index])
        return total

    def _evaluated(self) -> tuple[list[int], list[float], list[float]]:
        """Number of samples, loss and weight of every micro-batch, whosever it is."""
        own: list[tuple[int, int, float, float]] = []
        with self.processes.together():
            for index, batch in self.passes():
                loss, weight = evaluated(self.objective, batch, f"batch {index}")
                own.append((index, batch.size, loss, weight))
        self.batches.refuse_differences(self.processes)
        every = [each for part in self.processes.gathered(own) for each in part]
        every.sort(key=lambda each: each[0])
        _, sizes, losses, weights = map(list, zip(*every, strict=True))
        return sizes, losses, weights

    def _choose_batch_size(self, asked: int | None) -> None:
        """As many samples as can be recorded of at once, and some for every process."""
        few = self.batches.first(PROBE)
        if few is None or self.objective.couples_samples:
            return
        with self.processes.together():
            size = asked or self._fitting_batch_size(few)
        count = self.processes.size
        if count > 1:
            share = -(-self.batches.n_used // count)
            size = min(share, *self.processes.gathered(size))
        self.batches.batch_size = size

    def _fitting_batch_size(self, few: Batch) -> int:
        batch, objective = self.objective.prepared(few), self.objective
        with self.ready():
            evaluated(objective, batch, "batch 0")
            leaves = [tensor.detach().requires_grad_() for tensor in objective.theta]
            size = saved_bytes(lambda: objective.value(leaves, batch))
        spare = spare_bytes(objective.device) // self.processes.sharing(
            objective.device
        )
        return fitting_batch_size(size / batch.size, self.batches.n_used, spare)

    def _refuse_senseless(self, count: int) -> None:
        if self.objective.couples_samples and self.processes.size > 1:
            raise InputError(
                f"batch_norm is 'train' in {self.processes.size} processes; expected "
                "'eval', since its statistics are those of a batch: run one process"
            )
        if self.objective.couples_samples and count > 1:
            raise InputError(
                f"data comes in {count} micro-batches and batch_norm is 'train'; "
                "expected one batch, since its statistics are those of a batch: pass "
                "the data as one tuple, or batch_norm='eval'"
            )
        if self.weight == 0:
            raise InputError(
                "targets of every batch are ignored; expected at least one label that "
                "is not ignore_index, with a class weight above 0"
            )
