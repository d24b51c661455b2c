"""The symbols of the catalogue: sizes, and the variables of the scalar functions.

Sizes: n samples, d inputs, m hidden units, C outputs, p parameters.
"""

import operator
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
    """Whether a size is one, Python's or NumPy's: a bool or a float is not."""
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        return False
    try:
        return operator.index(value) >= 1
    except TypeError:
        # as NumPy's arrays do, and its bools
        return False
