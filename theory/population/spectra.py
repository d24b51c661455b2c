"""The Hessian's spectrum at the global minimum W = V = [I_k 0], for symbolic k.

The loss is L(W) = ½ E (Σ_i σ(w_i·x) - Σ_j σ(v_j·x))² with x ~ N(0, I_d), d >= k, and the
Hessian acts on k × d matrices T. Theorems T19 (ReLU) and T20 (erf(z/√2), z²); for erf
and z² with d > k, derived here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sympy import Expr, Integer, Rational, Symbol, pi, simplify, sqrt

from ...errors import InputError
from ..symbols import positive_integer

__all__ = [
    "LARGEST",
    "SMALLEST",
    "D",
    "Eigenvalue",
    "K",
    "extremes",
    "global_spectrum",
    "trace",
]

K: Final = Symbol("k", integer=True, positive=True)
"""Neurons of teacher and student."""

D: Final = Symbol("d", integer=True, positive=True)
"""Inputs, at least k."""

RHO: Final = 1 / (2 * pi)

SMALLEST: Final[Mapping[str, int]] = MappingProxyType(
    {"relu": 2, "erf": 2, "quadratic": 1}
)
"""The least k whose spectrum is known; for symbolic k, ReLU needs k >= 3."""

LARGEST: Final = 10**6
"""The greatest number that is taken for k or d."""


@dataclass(frozen=True, kw_only=True)
class Eigenvalue:
    """One eigenvalue.

    Attributes
    ----------
    value : sympy.Expr
        λ, in k.
    multiplicity : sympy.Expr
        Of this family; families may share an eigenvalue.
    family : str
        The matrices T that belong to it.
    """

    value: Expr
    multiplicity: Expr
    family: str


def global_spectrum(
    activation: str, k: int | None = None, d: int | None = None
) -> tuple[Eigenvalue, ...]:
    """Eigenvalues of ∇²L(V) with multiplicities, which add up to k d.

    Parameters
    ----------
    activation : str
        relu, erf (of z/√2) or quadratic (z²).
    k : int, optional
        Neurons; symbolic by default.
    d : int, optional
        Inputs; k by default, and symbolic where k is.

    Returns
    -------
    tuple of Eigenvalue
        Families of no matrix at all are left out.

    Raises
    ------
    InputError
        If the activation is unknown, d is given without k, k is below `SMALLEST`, or d
        below k.
    """
    if activation not in _FAMILIES:
        raise InputError(
            f"activation is {activation!r}; expected one of {', '.join(_FAMILIES)}"
        )
    _check_sizes(activation, k, d)
    neurons = K if k is None else Integer(k)
    inputs = D if k is None else Integer(k if d is None else d)
    families = _FAMILIES[activation](neurons, inputs)
    return tuple(family for family in families if family.multiplicity != 0)


def extremes(activation: str) -> tuple[Expr, Expr]:
    """λ_min and λ_max for symbolic k and d = k: k >= 3 for ReLU, 2 for the others.

    Parameters
    ----------
    activation : str
        As for `global_spectrum`.
    """
    low, high = {"relu": (0, 5), "erf": (1, 2), "quadratic": (0, 2)}[activation]
    families = global_spectrum(activation)
    return families[low].value, families[high].value


def trace(activation: str, k: Expr, d: Expr) -> Expr:
    """tr ∇²L(V) from the diagonal of the Hessian, for a check of the spectrum.

    ReLU: each of k d entries is ½. erf: E σ'(z)² x_l² is (2/π) 3^{-1/2}, and
    (2/π) 3^{-3/2} where x_l = z. z²: E 4z² x_l² is 4, and 12 where x_l = z.
    """
    if activation == "relu":
        return k * d / 2
    if activation == "erf":
        return 2 / pi * k * ((d - 1) / sqrt(3) + 1 / sqrt(27))
    return k * (4 * (d - 1) + 12)


def _relu(k: Expr, d: Expr) -> tuple[Eigenvalue, ...]:
    """T19: HT = ¼T + ¼11ᵀT + ϱ (tr(T) I - 2 diag(T) + Tᵀ), ϱ = 1/2π, for k >= 3."""
    if k == 2:
        return _relu_pair(d)
    inner = sqrt(k**2 - 16 / pi + 16 / pi**2)
    t = Rational(1, 2) + k / 4 + k * RHO
    det = (
        4 * k**2 * RHO + 16 * k * RHO**2 - 4 * k * RHO + k - 16 * RHO**2 + 8 * RHO + 1
    ) / 16
    outer = sqrt(simplify(t**2 - 4 * det))
    quarter = Rational(1, 4)
    standard = "diag(s), s1ᵀ and 1sᵀ with Σs = 0"
    trivial = "I and 11ᵀ"
    return (
        Eigenvalue(
            value=quarter - RHO,
            multiplicity=k * (k - 1) / 2,
            family="antisymmetric with zero row sums; " + standard,
        ),
        Eigenvalue(
            value=quarter + RHO,
            multiplicity=k * (k - 3) / 2,
            family="symmetric with zero diagonal and row sums",
        ),
        Eigenvalue(value=(k + 2 - inner) / 8, multiplicity=k - 1, family=standard),
        Eigenvalue(value=(k + 2 + inner) / 8, multiplicity=k - 1, family=standard),
        Eigenvalue(value=(t - outer) / 2, multiplicity=Integer(1), family=trivial),
        Eigenvalue(value=(t + outer) / 2, multiplicity=Integer(1), family=trivial),
        Eigenvalue(
            value=quarter,
            multiplicity=(k - 1) * (d - k),
            family="columns beyond k with zero sums",
        ),
        Eigenvalue(
            value=(k + 1) / 4, multiplicity=d - k, family="equal columns beyond k"
        ),
    )


def _relu_pair(d: Expr) -> tuple[Eigenvalue, ...]:
    """The same for k = 2, where no symmetric T has zero diagonal and row sums."""
    quarter, one = Rational(1, 4), Integer(1)
    pair = "2 × 2 matrices"
    return (
        Eigenvalue(value=quarter - RHO, multiplicity=one, family=pair),
        Eigenvalue(value=quarter + RHO, multiplicity=one, family=pair),
        Eigenvalue(value=3 * quarter - RHO, multiplicity=one, family=pair),
        Eigenvalue(value=3 * quarter + RHO, multiplicity=one, family=pair),
        Eigenvalue(
            value=quarter, multiplicity=d - 2, family="columns beyond k with zero sums"
        ),
        Eigenvalue(
            value=3 * quarter, multiplicity=d - 2, family="equal columns beyond k"
        ),
    )


def _erf(k: Expr, d: Expr) -> tuple[Eigenvalue, ...]:
    """T20: one k × k block for each input l, c [[3^{-3/2}, ¼1ᵀ], [¼1, …]] for l <= k."""
    c = 2 / pi
    least = c * (1 / sqrt(3) - Rational(1, 2))
    corner = 1 / sqrt(27)
    rest = 1 / sqrt(3) + (k - 2) / 2
    half, root = (corner + rest) / 2, sqrt((rest - corner) ** 2 / 4 + (k - 1) / 16)
    own = "row l ≤ k of column l, and equal other rows"
    return (
        Eigenvalue(
            value=least,
            multiplicity=k * (k - 2),
            family="other rows of column l ≤ k with zero sum",
        ),
        Eigenvalue(value=c * (half - root), multiplicity=k, family=own),
        Eigenvalue(value=c * (half + root), multiplicity=k, family=own),
        Eigenvalue(
            value=least,
            multiplicity=(k - 1) * (d - k),
            family="columns beyond k with zero sums",
        ),
        Eigenvalue(
            value=c * (1 / sqrt(3) + (k - 1) / 2),
            multiplicity=d - k,
            family="equal columns beyond k",
        ),
    )


def _quadratic(k: Expr, d: Expr) -> tuple[Eigenvalue, ...]:
    """T20: D²L[T, T] = 2 ‖A + Aᵀ‖_F² + 4 ‖B‖_F² + 4 (tr A)² for T = [A B]."""
    return (
        Eigenvalue(
            value=Integer(0),
            multiplicity=k * (k - 1) / 2,
            family="antisymmetric A: the orbit of O(k)",
        ),
        Eigenvalue(
            value=Integer(8),
            multiplicity=k * (k + 1) / 2 - 1,
            family="symmetric A with zero trace",
        ),
        Eigenvalue(value=8 + 4 * k, multiplicity=Integer(1), family="A = I"),
        Eigenvalue(
            value=Integer(4), multiplicity=k * (d - k), family="columns beyond k"
        ),
    )


_FAMILIES: Final[Mapping[str, Callable[[Expr, Expr], tuple[Eigenvalue, ...]]]] = (
    MappingProxyType({"relu": _relu, "erf": _erf, "quadratic": _quadratic})
)


def _check_sizes(activation: str, k: int | None, d: int | None) -> None:
    least = SMALLEST[activation]
    if k is None:
        if d is not None:
            raise InputError(
                f"d is {d!r} without k; expected both, or neither for symbolic sizes"
            )
        return
    if not positive_integer(k) or not least <= k <= LARGEST:
        raise InputError(
            f"k is {k!r}; expected an integer from {least} to {LARGEST} for {activation}"
        )
    if d is not None and not (positive_integer(d) and k <= d <= LARGEST):
        raise InputError(f"d is {d!r}; expected an integer from k = {k} to {LARGEST}")
