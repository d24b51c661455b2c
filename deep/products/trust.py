"""Whether products can be trusted: each check compares two ways to the same numbers."""

from collections.abc import Callable

import torch
from torch import Tensor

from ...errors import InputError
from ..objective.batches import Batch
from ..objective.derivatives import Maybe
from ..objective.parameters import Tensors
from .recorder import CannotRecordError
from .tape import Tape

__all__ = ["agree_on_few", "are_near", "refuse_asymmetric", "refuse_untrue"]

FEW = 8
"""Samples that tell a wrong rule of differentiation, for a fraction of the cost of all."""


def agree_on_few(
    one: Callable[[Batch], Maybe], other: Callable[[Batch], Maybe], batch: Batch
) -> bool:
    """Whether two ways to a product give the same with some samples of a batch.

    Parameters
    ----------
    one, other : callable
        From samples to the product.
    batch : Batch
        From all over of which the samples are taken.

    Returns
    -------
    bool
        False as well if these samples tell nothing: their product is 0, since their
        labels are ignored, or the model takes no fewer than all.
    """
    if batch.size <= FEW:
        return False
    step = batch.size // FEW
    few = batch.rows(slice(0, step * FEW, step))
    try:
        found, expected = one(few), other(few)
    except RuntimeError:
        return False
    return inner(expected, expected) > 0 and are_near(found, expected)


def are_near(found: Maybe, expected: Maybe) -> bool:
    """Whether at least half of the digits agree, over all parameters together.

    Parameters
    ----------
    found, expected : tuple of tensors or None
        One for each parameter; None is 0.
    """
    difference = tuple(map(_minus, found, expected))
    # these are squares, and so is the root of epsilon
    gap, size = inner(difference, difference), inner(expected, expected)
    return gap <= _epsilon(found, expected) * size


def inner(a: Maybe, b: Maybe) -> float:
    """⟨a, b⟩ over all parameters, in float64."""
    return sum(
        float((x.double() * y.double()).sum())
        for x, y in zip(a, b, strict=True)
        if x is not None and y is not None
    )


def refuse_untrue(tape: Tape, v: Tensors, Av: Maybe) -> None:
    """Refuse a recording whose replay at -2 v is not -2 A v: what was frozen shows.

    Parameters
    ----------
    tape : Tape
        A.
    v, Av : tuple of tensors
        What it was recorded with.

    Raises
    ------
    CannotRecordError
        If fewer than half of the digits agree.
    """
    replayed = tape(tuple(tangent * -2 for tangent in v))
    if not are_near(replayed, tuple(None if x is None else x * -2 for x in Av)):
        raise CannotRecordError("its replay differs from it")


def refuse_asymmetric(name: str, v: Tensors, Av: Maybe, u: Tensors, Au: Maybe) -> None:
    """Refuse a matrix for which uᵀA v and vᵀA u are not one number.

    Some rules of torch for second derivatives are wrong: weight_norm's, in 2.13.

    Parameters
    ----------
    name : str
        Of the matrix.
    v, u : tuple of tensors
        Vectors whose entries are near 1.
    Av, Au : tuple of tensors or None
        Their products.

    Raises
    ------
    InputError
        If they differ by more than rounding.
    """
    gap = abs(inner(u, Av) - inner(v, Au))
    # rounding errors of the entries of A v have any sign, as have those of u
    size = inner(Av, Av) ** 0.5
    if gap > _epsilon(Av, Au) ** (1 / 3) * size:
        raise InputError(
            f"the {name} is not symmetric, as uᵀAv and vᵀAu differ by "
            f"{gap / max(size, 1e-300):.1g} of |Av|; expected a model whose operations "
            "torch can differentiate twice: try float64, and without weight_norm"
        )


def _minus(a: Tensor | None, b: Tensor | None) -> Tensor | None:
    if a is None or b is None:
        return b if a is None else a
    return a.double() - b.double()


def _epsilon(*products: Maybe) -> float:
    return max(
        (
            torch.finfo(part.dtype).eps
            for product in products
            for part in product
            if part is not None
        ),
        default=0.0,
    )
