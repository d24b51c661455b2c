"""How ∇²L(V) of ReLU acts on k × k matrices T, and the blocks of its symmetric parts.

    HT = ¼T + ¼11ᵀT + ϱ (tr(T) I - 2 diag(T) + Tᵀ),   ϱ = 1/2π,

which commutes with every simultaneous permutation of rows and columns. ℝᵏˣᵏ is the sum
of four parts that H maps into themselves: antisymmetric with zero row sums; symmetric
with zero diagonal and zero row sums; the span of I and 11ᵀ; and the matrices
γ diag(s) + μ s1ᵀ + ν 1sᵀ with Σs = 0. Theorem T19.
"""

from typing import Any

from sympy import Expr, Matrix, Rational, diag, eye, ones, pi, sqrt, symbols

from ..derivation import Step
from ..rules import polynomial
from .kernels import ERF, QUADRATIC, RELU
from .spectra import D, Eigenvalue, K, global_spectrum

__all__ = ["relu_operator", "standard_block", "steps", "trivial_block"]

_RHO = 1 / (2 * pi)
_QUARTER = Rational(1, 4)
_LAMBDA = symbols("lambda")
_E1, _E2 = Matrix([1, 0, 0]), Matrix([0, 1, 0])


def relu_operator(T: Any) -> Any:
    """HT for an explicit matrix.

    Parameters
    ----------
    T : (k, k) sympy.Matrix
        A direction of the weights W.
    """
    k = T.rows
    inner = T.trace() * eye(k) - 2 * diag(*T.diagonal()) + T.T
    return (T + ones(k, k) * T) / 4 + _RHO * inner


def trivial_block() -> Any:
    """H on α I + β 11ᵀ as a matrix for (α, β), for symbolic k."""
    alpha, beta = symbols("alpha beta")
    image = (
        alpha / 4 + _RHO * (K * (alpha + beta) - 2 * (alpha + beta) + alpha),
        beta / 4 + (alpha + K * beta) / 4 + _RHO * beta,
    )
    return Matrix(image).jacobian((alpha, beta))


def standard_block() -> Any:
    """H on γ diag(s) + μ s1ᵀ + ν 1sᵀ as a matrix for (γ, μ, ν), for symbolic k."""
    gamma, mu, nu = symbols("gamma mu nu")
    image = (
        gamma / 4 + _RHO * (gamma - 2 * (gamma + mu + nu)),
        mu / 4 + _RHO * nu,
        nu / 4 + (gamma + K * nu) / 4 + _RHO * mu,
    )
    return Matrix(image).jacobian((gamma, mu, nu))


def steps(activation: str) -> tuple[Step, ...]:
    """The spectrum of T19 (relu) or T20 from its blocks, for symbolic k.

    Parameters
    ----------
    activation : str
        relu, erf or quadratic.
    """
    values = [family.value for family in global_spectrum(activation)]
    parts = {"relu": _relu_steps, "erf": _erf_steps, "quadratic": _quadratic_steps}
    return (*parts[activation](values), _counted(activation))


def _relu_steps(values: list[Expr]) -> tuple[Step, ...]:
    return (
        polynomial(
            "a",
            "the block of i ≠ j is ¼I + ϱ (e_i e_jᵀ + e_j e_iᵀ)",
            *RELU.mixed(_E1, _E2) - eye(3) / 4 - _RHO * (_E1 * _E2.T + _E2 * _E1.T),
        ),
        polynomial(
            "a",
            "on I and 11ᵀ the eigenvalues are the two roots",
            _missed(trivial_block(), values[4], values[5]),
        ),
        polynomial(
            "a",
            "on diag(s), s1ᵀ and 1sᵀ they are ¼ - ϱ and the two roots",
            _missed(standard_block(), values[0], values[2], values[3]),
        ),
        polynomial(
            "a",
            "Tᵀ = ∓T with tr T, diag T and the column sums 0 leaves ¼T ∓ ϱT",
            values[0] - (_QUARTER - _RHO),
            values[1] - (_QUARTER + _RHO),
        ),
        polynomial(
            "a",
            "on columns beyond k, ¼ + ¼11ᵀ has ¼ and (k + 1)/4",
            values[6] - _QUARTER,
            values[7] - (K + 1) / 4,
        ),
    )


def _erf_steps(values: list[Expr]) -> tuple[Step, ...]:
    c, root = 2 / pi, 1 / sqrt(3)
    return (
        polynomial(
            "a",
            "E σ'(x_i)σ'(x_j)x_l² is (2/π) times ¼, ¼ and ½ for i ≠ j, and (2/π) times "
            "3^{-3/2} and 3^{-1/2} for i = j",
            *ERF.mixed(_E1, _E2) - c * diag(_QUARTER, _QUARTER, Rational(1, 2)),
            *ERF.mixed(_E1, _E1) - c * diag(root / 3, root, root),
        ),
        polynomial(
            "a",
            "row l and the equal other rows of column l <= k have the two roots",
            _missed(_erf_block(), values[1], values[2]),
        ),
        polynomial(
            "a",
            "c ((3^{-1/2} - ½) I + ½11ᵀ) is the rest of column l <= k, and beyond k",
            values[0] - c * (root - Rational(1, 2)),
            values[3] - values[0],
            values[4] - (values[0] + c * K / 2),
        ),
    )


def _quadratic_steps(values: list[Expr]) -> tuple[Step, ...]:
    """D²L[T, T] = 4 (‖T‖_F² + tr A² + (tr A)²) for T = [A B], from its blocks."""
    own = 4 * (2 * _E1 * _E1.T + eye(3))
    return (
        polynomial(
            "a",
            "the blocks are 4 (e_i e_jᵀ + e_j e_iᵀ + δ_ij I)",
            *QUADRATIC.mixed(_E1, _E2) - 4 * (_E1 * _E2.T + _E2 * _E1.T),
            *QUADRATIC.mixed(_E1, _E1) - own,
        ),
        polynomial(
            "a",
            "tr A² is -‖A‖_F² for antisymmetric A, ‖A‖_F² for symmetric A, and tr I = k",
            values[0],
            values[1] - (4 + 4),
            values[2] * K - 4 * (K + K + K**2),
            values[3] - 4,
        ),
    )


def _erf_block() -> Any:
    """H on row l and the mean of the others, of column l <= k; its root squared away.

    E σ'(x_i)σ'(x_j)x_l² is (2/π) times 3^{-3/2}, 3^{-1/2}, ½ and ¼ for i = j = l, for
    i = j ≠ l, for i, j and l different, and for i = l ≠ j.
    """
    root = 1 / sqrt(3)
    inner = root + (K - 2) / 2
    return 2 / pi * Matrix([[root / 3, _QUARTER * (K - 1)], [_QUARTER, inner]])


def _missed(block: Any, *eigenvalues: Expr) -> Expr:
    """det(λ - block) less Π (λ - eigenvalue)."""
    product = 1
    for eigenvalue in eigenvalues:
        product = product * (_LAMBDA - eigenvalue)
    found = (_LAMBDA * eye(block.rows) - block).det()
    return (found - product).expand()


def _counted(activation: str) -> Step:
    families: tuple[Eigenvalue, ...] = global_spectrum(activation)
    total = sum(family.multiplicity for family in families)
    return polynomial(
        "a",
        "the multiplicities add up to k d",
        total - K * D,
    )
