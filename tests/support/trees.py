"""Expression trees in plain NumPy, in float64 and without error bounds."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from landtheory.theory.expressions import (
    Binary,
    Call,
    Constant,
    Expression,
    Name,
    Negative,
    Transpose,
)

__all__ = ["FUNCTIONS", "value"]

FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "tr": np.trace,
    "op": lambda a: np.linalg.norm(a, 2),
    "smax": lambda a: np.linalg.norm(a, 2),
    "smin": lambda a: np.linalg.norm(a, -2),
    "fro": lambda a: np.linalg.norm(a, "fro"),
    "nuc": lambda a: np.linalg.norm(a, "nuc"),
    "lmax": lambda a: max(np.linalg.eigvals(a).real),
    "lmin": lambda a: min(np.linalg.eigvals(a).real),
    "rank": np.linalg.matrix_rank,
    "nullity": lambda a: a.shape[1] - np.linalg.matrix_rank(a),
    "inner": lambda a, b: np.dot(a.ravel(), b.ravel()),
    "norm": np.linalg.norm,
    "norm1": lambda a: np.linalg.norm(a, 1),
    "logdet": lambda a: np.log(np.linalg.det(a)),
    "log": np.log,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "abs": np.abs,
    "max": lambda a, *b: max(a, *b) if b else np.max(a),
    "min": lambda a, *b: min(a, *b) if b else np.min(a),
    "mean": np.mean,
}


def value(tree: Expression, arrays: Mapping[str, Any]) -> Any:
    """The value of a tree where its names have these values."""
    match tree:
        case Name(text):
            return arrays[text]
        case Constant(number):
            return float(number)
        case Negative(of):
            return -value(of, arrays)
        case Transpose(of):
            return value(of, arrays).T
        case Call(function, arguments):
            return FUNCTIONS[function](*(value(part, arrays) for part in arguments))
        case Binary(operator, left, right):
            a, b = value(left, arrays), value(right, arrays)
            return {
                "+": lambda: a + b,
                "-": lambda: a - b,
                "*": lambda: a * b,
                "/": lambda: a / b,
                "@": lambda: a @ b,
                "**": lambda: a**b,
            }[operator]()
    raise TypeError(type(tree).__name__)
