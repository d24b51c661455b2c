"""What `falsify` is asked for, read and refused at the door."""

from collections.abc import Iterable
from typing import Any

from sympy import Expr

from ...errors import InputError
from ...theory.activations import Activation
from ...theory.losses import Loss, get_loss
from ...theory.symbols import positive_integer

__all__ = ["loss_of", "outputs_of", "refuse_settings", "several"]

LONGEST_BUDGET = 1e6


def several(given: Any) -> tuple[Any, ...]:
    """Those given; a text alone, or one σ, is one of them."""
    alone = isinstance(given, str | Activation | Loss | Expr)
    return (given,) if alone else tuple(given)


def loss_of(given: Any) -> Loss:
    """The definition that a name stands for.

    Raises
    ------
    InputError
        If there is none.
    """
    return given if isinstance(given, Loss) else get_loss(str(given))


def outputs_of(given: Iterable[int]) -> tuple[int, ...]:
    """The numbers of outputs, each once.

    Raises
    ------
    InputError
        If there is none, or one is no integer from 1 on.
    """
    outputs = tuple(dict.fromkeys(given))
    if not outputs or not all(map(positive_integer, outputs)):
        raise InputError(f"outputs is {outputs!r}; expected integers C >= 1")
    return outputs


def refuse_settings(budget: float, seed: int) -> None:
    """Refuse a budget or a seed that means nothing.

    Raises
    ------
    InputError
        If the budget is no positive number, or the seed no integer from 0 on.
    """
    if not 0 < budget <= LONGEST_BUDGET:
        raise InputError(
            f"budget is {budget!r}; expected seconds, more than 0 and at most "
            f"{LONGEST_BUDGET:g}"
        )
    if type(seed) is not int or seed < 0:
        raise InputError(f"seed is {seed!r}; expected an integer, at least 0")
