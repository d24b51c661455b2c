"""The symbols of the catalogue: sizes, and the variables of the scalar functions.

Sizes: n samples, d inputs, m hidden units, C outputs, p parameters.
"""

from typing import Final

from sympy import Symbol

__all__ = ["OUTPUT", "PREACTIVATION", "TARGET", "C", "d", "m", "n", "positive_integer"]

n: Final = Symbol("n", integer=True, positive=True)
d: Final = Symbol("d", integer=True, positive=True)
m: Final = Symbol("m", integer=True, positive=True)
C: Final = Symbol("C", integer=True, positive=True)

PREACTIVATION: Final = Symbol("z", real=True)
"""The variable of every activation."""

OUTPUT: Final = Symbol("f", real=True)
"""One output of the network: the variable of every loss."""

TARGET: Final = Symbol("t", real=True)
"""One target: y_c (squared), y in {0, 1} (logistic), [c = y] (softmax)."""


def positive_integer(value: object) -> bool:
    """Whether a size is one: a bool or a float is not."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 1
