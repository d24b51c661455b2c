"""Training a classifier, so that a killed run goes on to the same result."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from math import isfinite, sqrt
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy

from ...errors import InputError
from ..data.sets import DataSet
from ..devices import deterministic, widest_dtype
from ..factories import first_line
from ..models.external import check_outputs
from ..objective.preserve import preserved
from ..randomness import check_generator, drawing_from
from .recipes import Recipe
from .resumption import capture, restore

__all__ = ["Trained", "train"]

Tensors = dict[str, Tensor]
State = tuple[Mapping[str, Tensor], Mapping[str, Any]]
"""Tensors and JSON values, as `checkpoints` writes and reads them."""


@dataclass(frozen=True, kw_only=True)
class Trained:
    """How far training came; all but `history` of the whole data, in evaluation mode.

    Attributes
    ----------
    loss : float
        Mean cross-entropy.
    accuracy : float
        Fraction of samples whose largest output is that of their label.
    gradient_norm : float
        ‖∇L‖₂ over the trainable parameters.
    epochs : int
        Passes over the data, including those before a resumption.
    history : tuple of float
        Mean loss of each epoch while it ran, in training mode.
    """

    loss: float
    accuracy: float
    gradient_norm: float
    epochs: int
    history: tuple[float, ...]


def train(
    model: nn.Module,
    data: DataSet,
    *,
    recipe: Recipe,
    generator: torch.Generator,
    progress: Callable[[int, int], None] | None = None,
    checkpoint: Callable[[Tensors, dict[str, Any]], None] | None = None,
    state: State | None = None,
) -> Trained:
    """Minimise the mean cross-entropy L(θ) by stochastic gradients.

    Parameters
    ----------
    model : torch.nn.Module
        Its trainable parameters and its buffers are changed in place, in its own dtype
        and on its own device; the mode of each part is as before afterwards.
    data : DataSet
        All of it, in a new order each epoch.
    recipe : Recipe
        Optimiser, learning rate, batch size and epochs.
    generator : torch.Generator
        Of the order, and of dropout; on the CPU.
    progress : callable, optional
        Told (step, of) after each step, over all epochs.
    checkpoint : callable, optional
        Given a state after each epoch: tensors, and values that JSON can hold.
    state : (mapping of tensors, mapping of values), optional
        Of an earlier run with the same arguments: this one goes on where that stood, and
        ends with the same bits as if it had never stopped, on the same machine with as
        many threads.

    Returns
    -------
    Trained
        Evaluated at the final θ.

    Raises
    ------
    InputError
        If the model does not fit the data, the loss does not stay finite, a batch does
        not fit in the memory, or `state` is of another run.
    """
    check_generator(generator)
    parameters = [p for p in model.parameters() if p.requires_grad]
    if not parameters:
        raise InputError(
            "model has no trainable parameter; expected one that requires a gradient"
        )
    name = type(model).__name__
    check_outputs(model, name, shape=data.shape, classes=data.classes)
    run = _Run(model, parameters, data, recipe)
    if state is not None:
        run.restore(state, generator)
    with _in_training_mode(model), deterministic(run.device):
        while len(run.history) < recipe.epochs:
            with drawing_from(generator, device=run.device):
                run.epoch(progress)
            if checkpoint is not None:
                checkpoint(*run.state(generator))
    return run.evaluated()


@contextmanager
def _in_training_mode(model: nn.Module) -> Iterator[None]:
    modes = [(module, module.training) for module in model.modules()]
    model.train()
    try:
        yield
    finally:
        model.zero_grad()
        for module, before in modes:
            module.training = before


class _Run:
    """What changes while a network is trained, and the state that it can be put in."""

    def __init__(
        self,
        model: nn.Module,
        parameters: list[nn.Parameter],
        data: DataSet,
        recipe: Recipe,
    ) -> None:
        self.model, self.parameters = model, parameters
        self.data, self.recipe = data, recipe
        self.device, self.dtype = parameters[0].device, parameters[0].dtype
        self.history: list[float] = []
        self.optimiser = _optimiser(parameters, recipe)

    def epoch(self, progress: Callable[[int, int], None] | None) -> None:
        """One pass over the data in a new order, drawn from torch's global state."""
        n = self.data.n
        batches = torch.split(torch.randperm(n), self.recipe.batch_size)
        total = self.recipe.epochs * len(batches)
        done = len(self.history) * len(batches)
        losses = []
        for step, batch in enumerate(batches, done):
            for group in self.optimiser.param_groups:
                group["lr"] = self.recipe.rate(step, of=total)
            losses.append(self._step(batch))
            if progress is not None:
                progress(step + 1, total)
        # one transfer an epoch
        each = torch.stack(losses).cpu().to(torch.float64)
        sizes = torch.tensor([len(batch) for batch in batches], dtype=torch.float64)
        self.history.append(_finite("loss", float(each @ sizes) / n, self.recipe))

    def state(self, generator: torch.Generator) -> tuple[Tensors, dict[str, Any]]:
        """Copies of all that the next epoch depends on."""
        tensors = capture(self.model, self.optimiser, generator)
        return tensors, self._settings() | {"history": list(self.history)}

    def restore(self, state: State, generator: torch.Generator) -> None:
        """Put everything where `state` says it stood."""
        tensors, values = state
        for name, wanted in self._settings().items():
            if values.get(name) != wanted:
                raise InputError(
                    f"state is of a run with {name} {values.get(name)!r}; expected "
                    f"{wanted!r}: resume with the same settings, or start afresh"
                )
        restore(tensors, self.model, self.optimiser, generator)
        self.history = list(values["history"])

    def evaluated(self) -> Trained:
        """Loss, accuracy and gradient of the whole data, in evaluation mode."""
        wide = widest_dtype(self.device)
        gradient = [torch.zeros_like(p, dtype=wide) for p in self.parameters]
        loss, right = 0.0, 0
        with preserved(self.model, device=self.device):
            for batch in torch.split(torch.arange(self.data.n), self.recipe.batch_size):
                output, y = self._output(batch)
                part = cross_entropy(output, y, reduction="sum")
                pieces = torch.autograd.grad(part, self.parameters, allow_unused=True)
                for whole, piece in zip(gradient, pieces, strict=True):
                    if piece is not None:
                        whole.add_(piece)
                loss += float(part.detach())
                right += int((output.argmax(1) == y).sum())
        n = self.data.n
        squares = sum(float(g.square().sum()) for g in gradient)
        return Trained(
            loss=_finite("loss", loss / n, self.recipe),
            accuracy=right / n,
            gradient_norm=_finite("gradient", sqrt(squares) / n, self.recipe),
            epochs=len(self.history),
            history=tuple(self.history),
        )

    def _step(self, batch: Tensor) -> Tensor:
        try:
            output, y = self._output(batch)
            loss = cross_entropy(output, y)
            self.optimiser.zero_grad()
            torch.autograd.backward(loss)
            self.optimiser.step()
        except Exception as error:
            raise InputError(
                f"batch_size is {self.recipe.batch_size}; expected batches that the "
                f"model can be trained on, but one of {len(batch)} raised "
                f"{first_line(error)}"
            ) from error
        return loss.detach()

    def _output(self, batch: Tensor) -> tuple[Tensor, Tensor]:
        output = self.model(self.data.X[batch].to(self.device, self.dtype))
        # a sum of exponentials wants more than the 8 bits of bfloat16
        wide = torch.promote_types(output.dtype, torch.float32)
        return output.to(wide), self.data.y[batch].to(self.device)

    def _settings(self) -> dict[str, Any]:
        return asdict(self.recipe) | {"data": self.data.fingerprint()}


def _optimiser(parameters: list[nn.Parameter], recipe: Recipe) -> torch.optim.Optimizer:
    # foreach and fused variants sum in another order: one of them, on every machine
    if recipe.optimiser == "adam":
        return torch.optim.Adam(
            parameters,
            lr=recipe.learning_rate,
            weight_decay=recipe.weight_decay,
            foreach=False,
        )
    return torch.optim.SGD(
        parameters,
        lr=recipe.learning_rate,
        momentum=recipe.momentum,
        weight_decay=recipe.weight_decay,
        foreach=False,
    )


def _finite(name: str, value: float, recipe: Recipe) -> float:
    if not isfinite(value):
        raise InputError(
            f"learning_rate is {recipe.learning_rate!r}; expected one with which the "
            f"{name} stays finite, but it became {value}: lower it"
        )
    return value
