"""The loss of one batch, and in one sentence what is wrong where it cannot be had."""

import math
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

from ...errors import InputError
from ..factories import first_line
from .batches import Batch
from .objective import Objective

__all__ = ["evaluated"]


def evaluated(objective: Objective, batch: Batch, name: str) -> tuple[float, float]:
    """The loss of a batch, and its weight in a mean over batches.

    Parameters
    ----------
    objective : Objective
        The model, which is in evaluation mode.
    batch : Batch
        As the objective prepares it.
    name : str
        What users call it.

    Returns
    -------
    loss, weight : float
        ℓ, and what its mean divides by.

    Raises
    ------
    InputError
        If the model or the loss raises, draws random numbers, or gives something else
        than a finite scalar.
    """
    with torch.no_grad(), _NoRandomNumbers(name):
        output = _output(objective, batch, name)
        objective.loss.check(output, batch.targets, name)
        value = _value(objective, output, batch, name)
    weight = objective.loss.weight(output, batch.targets)
    if weight and not math.isfinite(value):
        raise InputError(
            f"loss is {value} at {name}; expected a finite number: "
            f"{_blame(objective, batch, output)}"
        )
    return value, weight


def _output(objective: Objective, batch: Batch, name: str) -> Tensor:
    try:
        return objective.output(objective.theta, batch)
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"model raised {first_line(error)} on {name} with inputs of shape "
            f"{_shapes(batch)}; expected a model that takes them"
        ) from error


def _value(objective: Objective, output: Tensor, batch: Batch, name: str) -> float:
    try:
        value = objective.loss(output, batch.targets)
    except InputError:
        raise
    except Exception as error:
        raise InputError(
            f"loss raised {first_line(error)} on {name} with outputs of shape "
            f"{tuple(output.shape)} and targets of shape "
            f"{tuple(batch.targets.shape)}; expected targets that fit"
        ) from error
    shape = tuple(value.shape) if hasattr(value, "shape") else None
    if shape != ():
        found = type(value).__name__ if shape is None else f"shape {shape}"
        raise InputError(
            f"loss gives a result of {found} for {name}; expected a scalar tensor: "
            "reduce it by mean or sum"
        )
    return float(value)


class _NoRandomNumbers(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Refuses calls that draw random numbers: such a loss has no one Hessian."""

    def __init__(self, name: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = name

    def __torch_dispatch__(
        self,
        func: Any,
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        """Run a call, unless it draws."""
        if torch.Tag.nondeterministic_seeded in func.tags:
            raise InputError(
                f"model draws random numbers by {func} on {self._name}, in evaluation "
                "mode; expected a loss that is a function of θ: take the layer out"
            )
        return func(*args, **(kwargs or {}))


def _shapes(batch: Batch) -> str:
    if isinstance(batch.inputs, Tensor):
        return str(tuple(batch.inputs.shape))
    return ", ".join(f"{n} {tuple(part.shape)}" for n, part in batch.inputs.items())


def _blame(objective: Objective, batch: Batch, output: Tensor) -> str:
    """Where the first value that is not finite comes from."""
    inputs = batch.inputs
    parts = [inputs] if isinstance(inputs, Tensor) else list(inputs.values())
    names = objective.parameters.names
    suspects = [
        *(("inputs", part) for part in parts),
        ("targets", batch.targets),
        *(
            (f"parameter {name!r}", tensor)
            for name, tensor in zip(names, objective.theta, strict=True)
        ),
        ("outputs", output),
    ]
    for name, tensor in suspects:
        if not bool(torch.isfinite(tensor).all()):
            return f"the {name} have entries that are not finite"
    return "the outputs are finite, so look at the loss"
