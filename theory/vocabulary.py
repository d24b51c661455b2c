"""The words of the conjecture language: quantities with their shapes, and functions.

Shapes are in symbolic sizes, so that a claim is checked before any instance is drawn.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

__all__ = ["FUNCTIONS", "QUANTITIES", "Quantity"]


@dataclass(frozen=True)
class Quantity:
    """What a name stands for.

    Attributes
    ----------
    meaning : str
        In words.
    shape : tuple of str
        Sizes of its axes, as products of n, d, m, C and p: () for a number.
    symmetric : bool
        Whether it is a symmetric matrix for every instance.
    """

    meaning: str
    shape: tuple[str, ...] = ()
    symmetric: bool = False


_ROWS: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "w": ("first-layer weights", "m*d"),
        "b": ("first-layer biases", "m"),
        "t": ("first-layer weights and biases", "m*(d + 1)"),
        "a": ("second-layer weights", "m*C"),
        "c": ("output biases", "C"),
    }
)
"""Groups of parameters, in the order of θ, with how many there are."""

_BLOCKS: Final = ("ww", "bb", "tt", "aa", "cc", "wb", "wa", "ba")


def _block(matrix: str, block: str) -> Quantity:
    (rows, height), (columns, width) = _ROWS[block[0]], _ROWS[block[1]]
    meaning = rows if rows == columns else f"{rows} by {columns}"
    return Quantity(
        f"block of {matrix}: {meaning}", (height, width), symmetric=rows == columns
    )


QUANTITIES: Final[Mapping[str, Quantity]] = MappingProxyType(
    {
        "n": Quantity("number of samples"),
        "d": Quantity("number of inputs"),
        "m": Quantity("number of hidden units"),
        "C": Quantity("number of outputs"),
        "p": Quantity("number of parameters"),
        "L": Quantity("loss"),
        "Cx": Quantity("complexity (1/n) Σ ‖∇ₓf‖_F²"),
        "CxS": Quantity("curvature-weighted complexity (1/n) Σ tr(Jxᵀ S Jx)"),
        "path": Quantity("path norm Σ_k ‖a_k‖ ‖w̃_k‖, w̃ = (w, b)"),
        "min_x": Quantity("least ‖x_i‖"),
        "max_x": Quantity("greatest ‖x_i‖"),
        "min_xt": Quantity("least ‖x̃_i‖, x̃ = (x, 1)"),
        "max_xt": Quantity("greatest ‖x̃_i‖"),
        "Flat": Quantity(
            "infimum of tr H over rescalings (α_k w̃_k, a_k/α_k), "
            "for piecewise-linear σ off the kinks"
        ),
        "hidden": Quantity("(1/n) Σ_i ‖σ(z_i)‖²"),
        "theta": Quantity("parameters: W by rows, b, the columns of A, c", ("p",)),
        "grad": Quantity("gradient of the loss", ("p",)),
        "b": Quantity("first-layer biases", ("m",)),
        "c": Quantity("output biases", ("C",)),
        "H": Quantity("Hessian", ("p", "p"), symmetric=True),
        "G": Quantity("generalised Gauss-Newton matrix", ("p", "p"), symmetric=True),
        "F": Quantity("residual part H - G", ("p", "p"), symmetric=True),
        "EF": Quantity(
            "empirical Fisher (1/n) Σ J_iᵀ r_i r_iᵀ J_i", ("p", "p"), symmetric=True
        ),
        "K": Quantity("NTK Gram matrix J Jᵀ", ("n*C", "n*C"), symmetric=True),
        "W": Quantity("first-layer weights", ("m", "d")),
        "A": Quantity("second-layer weights", ("C", "m")),
        "X": Quantity("inputs, one a row", ("n", "d")),
        "R": Quantity("residuals ∂ℓ/∂f, one sample a row", ("n", "C")),
        "J": Quantity("Jacobian of the outputs, row i C + c", ("n*C", "p")),
        **{
            f"{matrix}_{block}": _block(matrix, block)
            for matrix in "HGF"
            for block in _BLOCKS
        },
    }
)
"""Every name a claim may hold."""

FUNCTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "tr": "trace of a square matrix",
        "op": "largest singular value of a matrix",
        "fro": "Frobenius norm of a matrix",
        "nuc": "sum of the singular values of a matrix",
        "lmax": "largest eigenvalue of a symmetric matrix",
        "lmin": "smallest eigenvalue of a symmetric matrix",
        "smax": "largest singular value of a matrix, as op",
        "smin": "smallest of the min(rows, columns) singular values of a matrix",
        "rank": "rank of a matrix",
        "nullity": "columns of a matrix less its rank",
        "inner": "Σ u_j v_j of two arrays of one shape: tr(Aᵀ B) for matrices",
        "norm": "Euclidean norm of a vector",
        "norm1": "sum of the |v_j| of a vector",
        "logdet": "log det of a symmetric positive definite matrix",
        "log": "natural logarithm of a number above 0",
        "exp": "exponential of a number",
        "sqrt": "square root of a number that is at least 0",
        "abs": "absolute value of a number, or of every entry",
        "max": "greater of two numbers, or greatest entry of a vector or matrix",
        "min": "lesser of two numbers, or least entry of a vector or matrix",
        "mean": "mean of the entries of a vector or matrix",
    }
)
"""Every function a claim may call."""
