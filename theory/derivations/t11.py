r"""T11: the least trace on a rescaling orbit, and the scale-free complexity bound.

Squared loss, positively homogeneous piecewise-linear σ with |σ'| <= 1, off kinks, for
symbolic n, d, m and C. With

    P_k = ‖a_k‖² R_k²,   R_k² = (1/n) Σ_i σ'_ik² ‖x̃_i‖²,
    Q_k = C (1/n) Σ_i σ_ik² = C ‖w̃_k‖² ρ_k,   ρ_k = (1/n) Σ_i σ(w̃_k·x̃_i/‖w̃_k‖)².
"""

from functools import partial

from sympy import Expr, Integer, Rational, Symbol, sqrt
from sympy import symbols as letters

from .. import symbols
from ..activations import ACTIVATIONS
from ..derivation import Derivation, Step
from ..gradient import input_jacobian
from ..hessian import hessian
from ..indexed import Atom, Term, one, product, summed
from ..lemmas import TRIANGLE
from ..rules import Square, identity, lemma, minus, polynomial, sign, squares
from ..symbols import PREACTIVATION
from .along import trace
from .curvature import SQUARED
from .moved import homogeneous, rescaled, scale, straight
from .t06 import complexity
from .t10 import homogeneity

__all__ = ["DERIVATION", "steps"]

A, W, B = Atom("A", ("c", "k")), Atom("W", ("k", "j")), Atom("b", ("k",))
X, S0, S1 = Atom("x", ("i", "j")), Atom("s0", ("i", "k")), Atom("s1", ("i", "k"))
ALPHA, INVERSE = Atom("alpha", ("k",)), Atom("1/alpha", ("k",))


def mean(terms: list[Term]) -> list[Term]:
    """(1/n) Σ_i."""
    return summed(product([Term(1 / symbols.n, ())], terms), "i")


def input_norm() -> list[Term]:
    """‖x̃_i‖²."""
    return [*summed([one(X, X)], "j"), one()]


def weight_norm() -> list[Term]:
    """‖w̃_k‖²."""
    return [*summed([one(W, W)], "j"), one(B, B)]


def slopes() -> list[Term]:
    """R_k²."""
    return mean(product([one(S1, S1)], input_norm()))


def P() -> list[Term]:
    """P_k."""
    return product(summed([one(A, A)], "c"), slopes())


def Q() -> list[Term]:
    """Q_k."""
    return mean([Term(symbols.C, (S0, S0))])


def orbit_trace(power: int = 2) -> list[Term]:
    """Σ_k (α_k⁻² P_k + α_k² Q_k) + C."""
    parts = [
        *scale(P(), *[INVERSE] * power),
        *scale(Q(), ALPHA, ALPHA),
    ]
    return [*summed(parts, "k"), Term(symbols.C, ())]


def traced() -> list[Term]:
    """tr H(T_αθ)."""
    return rescaled(straight(trace(partial(hessian, SQUARED))))


def gap() -> list[Term]:
    """‖w̃_k‖² R_k² - (1/n) Σ_i σ(z_ik)², which is ‖w̃_k‖² (R_k² - ρ_k)."""
    return homogeneous(minus(product(weight_norm(), slopes()), mean([one(S0, S0)])))


def gap_squares() -> tuple[Square, ...]:
    """Lagrange's identity for w̃_k and x̃_i, times σ'_ik²/n."""
    other_w, other_x = Atom("W", ("k", "j'")), Atom("x", ("i", "j'"))
    turned = [one(S1, W, other_x), Term(Integer(-1), (S1, other_w, X))]
    lifted = [one(S1, W), Term(Integer(-1), (S1, B, X))]
    return (
        Square(
            coefficient=Rational(1, 2) / symbols.n,
            weights=(),
            form=turned,
            over=("i", "j", "j'"),
        ),
        Square(coefficient=1 / symbols.n, weights=(), form=lifted, over=("i", "j")),
    )


def through_neurons() -> list[Term]:
    """Σ_k σ'_ik A_ck W_kj."""
    return summed([one(S1, A, W)], "k")


def neuron_norm() -> list[Term]:
    """‖σ'_ik a_k w_kᵀ‖_F² - σ'_ik² ‖a_k‖² ‖w_k‖²."""
    entry = [one(S1, A, W)]
    whole = summed(product(entry, entry), "c", "j")
    norms = product(summed([one(A, A)], "c"), summed([one(W, W)], "j"))
    return minus(whole, product([one(S1, S1)], norms))


def mean_square() -> list[Term]:
    """(1/n) Σ_i ‖Jx_i‖_F², Jx_i = Σ_k σ'_ik a_k w_kᵀ."""
    entry = through_neurons()
    return mean(summed(product(entry, entry), "c", "j"))


def gentleness(claim: str, *, bound: Expr | None = None) -> Step:
    """|σ'| <= 1 on either side of the kink, for each activation covered."""
    t = Symbol("t", positive=True)
    limit = Integer(1) if bound is None else bound
    return sign(
        claim,
        "1 - σ'(z)² >= 0",
        *(
            limit - activation.first.subs(PREACTIVATION, z) ** 2
            for activation in ACTIVATIONS.values()
            if activation.homogeneous
            for z in (t, -t)
        ),
    )


def steps() -> Derivation:
    """The derivation."""
    u, v, alpha = letters("u v alpha", positive=True)
    a, w, rho, rest, least = letters("a w rho delta rho_min", nonnegative=True)
    C = symbols.C
    slope_square = rho + rest
    return Derivation(
        theorem="T11",
        proves=("a", "b.1", "b.2", "b.3", "c.1", "c.2", "d.1", "d.2", "d.3", "d.4"),
        steps=(
            homogeneity("a"),
            identity(
                "a",
                "tr H(T_αθ) = Σ_k (α_k⁻² P_k + α_k² Q_k) + C",
                lambda: minus(traced(), orbit_trace()),
            ),
            polynomial(
                "b",
                "α⁻²P + α²Q - 2√(PQ) = (√P/α - α√Q)² >= 0, so tr H(T_αθ) >= Flat",
                u**2 / alpha**2
                + alpha**2 * v**2
                - 2 * u * v
                - (u / alpha - alpha * v) ** 2,
            ),
            polynomial(
                "b",
                "equality at α = (P/Q)^{1/4}, P = u⁴ and Q = v⁴",
                u**4 / (u / v) ** 2 + (u / v) ** 2 * v**4 - 2 * sqrt(u**4 * v**4),
            ),
            polynomial(
                "b",
                "where Q = 0 < P, α² = P/ε leaves ε: the infimum is Flat; likewise P = 0",
                u**4 / (u**4 / v) - v,
            ),
            identity(
                "b",
                "P_k(T_αθ) = α_k⁻² P_k and Q_k(T_αθ) = α_k² Q_k, so Flat is invariant",
                lambda: minus(rescaled(P()), scale(P(), INVERSE, INVERSE)),
                lambda: minus(rescaled(Q()), scale(Q(), ALPHA, ALPHA)),
            ),
            homogeneity("c"),
            polynomial(
                "c",
                "P_kQ_k = (√C ‖a_k‖ ‖w̃_k‖)² R_k² ρ_k, as Q_k = C ‖w̃_k‖² ρ_k by homogeneity",
                a**2 * slope_square * (C * w**2 * rho)
                - (sqrt(C) * a * w * sqrt(slope_square * rho)) ** 2,
            ),
            squares(
                "c",
                "‖w̃_k‖² (R_k² - ρ_k) = (1/n) Σ_i σ'_ik² (‖w̃_k‖²‖x̃_i‖² - (w̃_k·x̃_i)²)"
                " = (1/2n) Σ_i σ'_ik² Σ_jl (w̃_j x̃_l - w̃_l x̃_j)² >= 0",
                gap,
                gap_squares,
            ),
            sign(
                "c",
                "ρ² <= R²ρ <= R⁴ where R² = ρ + δ, δ >= 0: ρ <= √(R²ρ) <= R²",
                slope_square * rho - rho**2,
                slope_square**2 - slope_square * rho,
            ),
            lemma(
                "d",
                "‖Jx‖_F <= Σ_k |σ'_k| ‖a_k‖ ‖w_k‖ at every x",
                TRIANGLE,
                identity(
                    "d",
                    "Jx = Σ_k σ'_k a_k w_kᵀ",
                    lambda: minus(input_jacobian(SQUARED), through_neurons()),
                ),
                identity("d", "‖σ'_k a_k w_kᵀ‖_F² = σ'_k² ‖a_k‖² ‖w_k‖²", neuron_norm),
            ),
            gentleness("d"),
            identity(
                "d",
                "Cx is the mean of ‖Jx_i‖_F², so √Cx is at most their largest root",
                lambda: minus(complexity(SQUARED), mean_square()),
            ),
            squares(
                "d",
                "‖w̃_k‖² - ‖w_k‖² = b_k² >= 0",
                lambda: minus(weight_norm(), summed([one(W, W)], "j")),
                lambda: (
                    Square(coefficient=Integer(1), weights=(), form=[one(B)], over=()),
                ),
            ),
            sign(
                "d",
                "‖a_k‖‖w̃_k‖ρ_k >= ‖a_k‖‖w̃_k‖ min ρ where ρ_k = min ρ + δ; then (c), and"
                " (b) with α = 1",
                a * w * (least + rest) - a * w * least,
            ),
        ),
    )


DERIVATION = steps()
