"""Down to a target loss: each network by itself, and not a step further."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import torch
from torch import Tensor

from ...errors import InputError
from ..progress import Progress
from .family import Descent, Networks
from .losses import check_loss
from .optimisers import Method, Stepper
from .quasi_newton import minimise
from .samples import Samples

__all__ = ["descend"]


def descend(
    networks: Networks,
    samples: Samples,
    *,
    loss: str,
    method: Method,
    target: float,
    generators: Sequence[torch.Generator] | None = None,
    progress: Progress | None = None,
) -> tuple[Descent, ...]:
    """Lower each network's loss until it is at most the target.

    A network whose loss is seen to be low enough goes back, on the line to where it was
    seen before, until the loss meets the target: so all have one loss. It stays there
    while the others go on. One whose loss is no longer finite stops too.

    Parameters
    ----------
    networks : Ensemble or Single
        Changed: row i of its `theta` becomes where network i stopped.
    samples : Samples
        Of each.
    loss : str
        One of `LOSSES`.
    method : Method
        How, and for how many steps at most.
    target : float
        Of the mean loss; -1, say, to take all steps.
    generators : sequence of torch.Generator, optional
        One for each network, on the CPU: of the mini-batches of sgd.
    progress : callable, optional
        Told (step, of) before each step.

    Returns
    -------
    tuple of Descent
        One for each network.

    Raises
    ------
    InputError
        If sgd has no generator for each network, or too few samples of one.
    """
    check_loss(loss)
    if method.name == "lbfgs":
        return tuple(
            minimise(networks, samples, i, loss=loss, method=method, target=target)
            for i in range(networks.size)
        )
    draws = _draws(method, samples, generators)
    run = _Run(networks, samples, loss, method, target, draws, list(generators or ()))
    for step in range(method.steps + 1):
        if progress is not None:
            progress(step, method.steps)
        if not run.go_on(step):
            break
    return run.found()


HALVINGS = 20
"""Of that line: the loss meets its target to a millionth of what changes on it."""


class _Run:
    """The networks that still go down, and what became of the others."""

    def __init__(
        self,
        networks: Networks,
        samples: Samples,
        loss: str,
        method: Method,
        target: float,
        draws: list[Iterator[Tensor]],
        generators: list[torch.Generator],
    ) -> None:
        self._all, self._loss, self._method = networks, loss, method
        self._target, self._draws, self._generators = target, draws, generators
        self._networks, self._samples = networks, samples
        self._members = list(range(networks.size))
        self._stepper = Stepper(method, networks.theta)
        self._before: Tensor | None = None
        self._found: dict[int, Descent] = {}

    def found(self) -> tuple[Descent, ...]:
        """What became of each, in order."""
        return tuple(self._found[i] for i in range(self._all.size))

    def go_on(self, step: int) -> bool:
        """Stop those that are low enough, and move the others; whether there are any."""
        gradient: Tensor | None = None
        last = step == self._method.steps
        if last or step % self._method.check_every == 0:
            if self._draws:
                losses = self._networks.losses(self._samples, self._loss)
            else:
                losses, gradient = self._evaluated(self._samples)
            alive = self._stopped(losses, step, last=last)
            if not len(alive):
                return False
            if gradient is not None:
                gradient = gradient[alive]
            self._before = self._networks.theta.clone()
        if gradient is None:
            _, gradient = self._evaluated(self._batch())
        self._stepper.step(self._networks.theta, gradient)
        return True

    def _evaluated(self, samples: Samples) -> tuple[Tensor, Tensor]:
        return self._networks.losses_and_gradient(samples, self._loss)

    def _stopped(self, losses: Tensor, step: int, *, last: bool) -> Tensor:
        """Write down those that stop here; which rows go on."""
        if last or bool((losses <= self._target).any()):
            losses = self._networks.confirmed(self._samples, self._loss, losses)
        low = losses <= self._target
        stops = low | ~losses.isfinite() | last
        if not bool(stops.any()):
            return torch.arange(len(losses), device=losses.device)
        losses = self._landed(losses, low.nonzero().flatten())
        self._networks.freeze()
        for row in stops.nonzero().flatten().tolist():
            member = self._members[row]
            self._all.theta[member] = self._networks.theta[row]
            self._found[member] = Descent(
                loss=float(losses[row]), steps=step, reached=bool(low[row])
            )
        alive = (~stops).nonzero().flatten()
        if len(alive):
            self._keep(alive)
        return alive

    def _landed(self, losses: Tensor, rows: Tensor) -> Tensor:
        """Put these rows where the line back meets the target; all losses anew."""
        if self._before is None or not len(rows):
            return losses
        part, samples = self._networks.kept(rows), self._samples.kept(rows)
        before, after = self._before[rows], part.theta
        found = losses[rows]
        low, high = torch.zeros_like(found), torch.ones_like(found)
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            part.theta = torch.lerp(before, after, middle[:, None])
            values = part.losses(samples, self._loss)
            values = part.confirmed(samples, self._loss, values)
            enough = values <= self._target
            low, high = (
                torch.where(enough, low, middle),
                torch.where(enough, middle, high),
            )
            found = torch.where(enough, values, found)
        self._networks.theta[rows] = torch.lerp(before, after, high[:, None])
        losses = losses.index_copy(0, rows, found)
        return self._networks.confirmed(self._samples, self._loss, losses)

    def _keep(self, alive: Tensor) -> None:
        self._networks = self._networks.kept(alive)
        self._samples = self._samples.kept(alive)
        self._stepper = self._stepper.kept(alive)
        self._members = [self._members[row] for row in alive.tolist()]

    def _batch(self) -> Samples:
        if not self._draws:
            return self._samples
        chosen = torch.stack([next(self._draws[i]) for i in self._members])
        batch = self._samples.drawn(chosen.to(self._samples.X.device))
        if not self._method.label_noise:
            return batch
        shape = batch.y.shape[1:]
        noise = torch.stack(
            [torch.randn(shape, generator=self._generators[i]) for i in self._members]
        )
        return replace(batch, y=batch.y + self._method.label_noise * noise.to(batch.y))


def _draws(
    method: Method, samples: Samples, generators: Sequence[torch.Generator] | None
) -> list[Iterator[Tensor]]:
    """The mini-batches of each network; none where a step takes all samples."""
    size = method.batch_size
    if size is None:
        return []
    if generators is None or len(generators) != len(samples.counts):
        given = 0 if generators is None else len(generators)
        raise InputError(
            f"generators are {given} for {len(samples.counts)} networks; expected one "
            "for each: sgd draws its batches from them"
        )
    if size > min(samples.counts):
        raise InputError(
            f"batch_size is {size}; expected at most {min(samples.counts)}, the samples "
            "of a network"
        )
    return [
        _batches(n, size, generator)
        for n, generator in zip(samples.counts, generators, strict=True)
    ]


def _batches(n: int, size: int, generator: torch.Generator) -> Iterator[Tensor]:
    """Indices (size,): pass after pass in a new order, without what is left over."""
    while True:
        order = torch.randperm(n, generator=generator)
        yield from torch.split(order[: n // size * size], size)
