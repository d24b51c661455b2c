"""Which loss of torch a loss is, and what it was made with."""

import functools
import inspect
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal

from torch import nn
from torch.nn import functional

from ...errors import InputError

__all__ = [
    "CLASSES",
    "ELEMENTS",
    "UNIT_TARGETS",
    "Reduction",
    "is_one_of",
    "loss_name",
    "loss_options",
    "made_of",
    "reduction_of",
]

Reduction = Literal["mean", "sum"]

CLASSES = (
    nn.CrossEntropyLoss,
    nn.NLLLoss,
    functional.cross_entropy,
    functional.nll_loss,
)
"""Losses of (n, C, …) scores and (n, …) labels."""

ELEMENTS = (
    nn.MSELoss,
    nn.L1Loss,
    nn.SmoothL1Loss,
    nn.HuberLoss,
    nn.BCELoss,
    nn.BCEWithLogitsLoss,
    functional.mse_loss,
    functional.l1_loss,
    functional.smooth_l1_loss,
    functional.huber_loss,
    functional.binary_cross_entropy,
    functional.binary_cross_entropy_with_logits,
)
"""Losses of outputs and targets of one shape, entry by entry."""

UNIT_TARGETS = (
    nn.BCELoss,
    nn.BCEWithLogitsLoss,
    functional.binary_cross_entropy,
    functional.binary_cross_entropy_with_logits,
)
"""Losses whose targets are probabilities."""


def loss_options(loss: Any) -> Mapping[str, Any]:
    """What the loss was made with: attributes, keywords or defaults."""
    if isinstance(loss, nn.Module):
        names = ("reduction", "weight", "ignore_index", "label_smoothing", "pos_weight")
        return MappingProxyType(
            {name: getattr(loss, name) for name in names if hasattr(loss, name)}
        )
    try:
        parameters = inspect.signature(loss).parameters
    except (TypeError, ValueError):
        return MappingProxyType({})
    return MappingProxyType(
        {
            name: parameter.default
            for name, parameter in parameters.items()
            if parameter.default is not inspect.Parameter.empty
        }
    )


def made_of(loss: Any) -> Any:
    """The function or class behind a partial or a module."""
    while isinstance(loss, functools.partial):
        loss = loss.func
    return type(loss) if isinstance(loss, nn.Module) else loss


def is_one_of(found: Any, kinds: tuple[Any, ...]) -> bool:
    """Whether what a loss is made of is one of these, or computes the same.

    Parameters
    ----------
    found : class or function
        As `made_of` gives it.
    kinds : tuple of classes and functions
        Of torch.
    """
    return any(found is kind or _inherits(found, kind) for kind in kinds)


def _inherits(found: Any, kind: Any) -> bool:
    """Whether a class computes what `kind` does: its own forward is another loss."""
    return (
        isinstance(found, type)
        and isinstance(kind, type)
        and issubclass(found, kind)
        and getattr(found, "forward", None) is getattr(kind, "forward", None)
    )


def reduction_of(
    loss: Any, options: Mapping[str, Any], reduction: Reduction | None
) -> Reduction:
    """Mean or sum, as the loss says or the caller.

    Raises
    ------
    InputError
        If it is neither, nobody says, or they do not agree.
    """
    if reduction not in (None, "mean", "sum"):
        raise InputError(f"reduction is {reduction!r}; expected mean or sum")
    said = options.get("reduction")
    # KLDivLoss calls the mean over samples so
    said = "mean" if said == "batchmean" else said
    if said is None and reduction is None:
        raise InputError(
            f"reduction is None and loss {loss_name(loss)} does not say its own; expected "
            "mean or sum: pass reduction"
        )
    if said not in (None, "mean", "sum"):
        raise InputError(
            f"loss has reduction {said!r}; expected mean or sum: make it with one"
        )
    if said is not None and reduction is not None and said != reduction:
        raise InputError(
            f"reduction is {reduction!r} and the loss's own is {said!r}; expected one: "
            "leave reduction out"
        )
    return "sum" if "sum" in (said, reduction) else "mean"


def loss_name(loss: Any) -> str:
    """What users call it."""
    return getattr(loss, "__name__", type(loss).__name__)
