r"""T11: the least trace on a rescaling orbit, and the scale-free complexity bound.

Positively homogeneous piecewise-linear σ, off kinks, for symbolic n, d, m and C. With

    P_k = (1/n) Σ_i σ'_ik² ‖x̃_i‖² a_kᵀS_ia_k,  Q_k = (1/n) Σ_i σ_ik² tr S_i,
    s = (1/n) Σ_i tr S_i,

for any of the losses; for the squared loss, where S_i = I and s = C,

    P_k = ‖a_k‖² R_k²,   R_k² = (1/n) Σ_i σ'_ik² ‖x̃_i‖²,
    Q_k = C ‖w̃_k‖² ρ_k,   ρ_k = (1/n) Σ_i σ(w̃_k·x̃_i/‖w̃_k‖)².
"""

from functools import partial

from sympy import Expr, Integer, Rational, Symbol, sqrt
from sympy import symbols as letters

from .. import symbols
from ..activations import ACTIVATIONS
from ..derivation import Derivation, Step
from ..gradient import input_jacobian, output, output_hessian
from ..hessian import hessian
from ..indexed import Atom, Term, one, product, substituted, summed
from ..lemmas import TRIANGLE
from ..losses import Loss
from ..rules import Square, identity, lemma, minus, polynomial, sign, squares
from ..symbols import PREACTIVATION
from .along import trace
from .curvature import SOFTMAX, SQUARED, logistic_sign, softmax_form, softmax_formula
from .moved import homogeneous, permuted, rescaled, scale, straight
from .t06 import complexity
from .t10 import homogeneity

__all__ = ["DERIVATION", "steps"]

ANY = SOFTMAX
"""A loss whose S is left as the letter S: what is shown with it holds for all."""

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


def output_norm() -> list[Term]:
    """‖a_k‖²."""
    return summed([one(A, A)], "c")


def slopes() -> list[Term]:
    """R_k²."""
    return mean(product([one(S1, S1)], input_norm()))


def curved(loss: Loss) -> list[Term]:
    """a_kᵀS_ia_k."""
    pair = [one(A, Atom("A", ("c'", "k")))]
    return summed(product([output_hessian(loss, "i", "c", "c'")], pair), "c", "c'")


def curvature_trace(loss: Loss) -> list[Term]:
    """tr S_i."""
    diagonal = substituted([output_hessian(loss, "i", "c", "c'")], {"c'": "c"})
    return summed(diagonal, "c")


def P(loss: Loss = ANY) -> list[Term]:
    """P_k."""
    return mean(product(curved(loss), product([one(S1, S1)], input_norm())))


def Q(loss: Loss = ANY) -> list[Term]:
    """Q_k."""
    return mean(product([one(S0, S0)], curvature_trace(loss)))


def constant(loss: Loss = ANY) -> list[Term]:
    """s."""
    return mean(curvature_trace(loss))


def orbit_trace(loss: Loss = ANY, *, power: int = 2) -> list[Term]:
    """Σ_k (α_k⁻² P_k + α_k² Q_k) + s."""
    parts = [*scale(P(loss), *[INVERSE] * power), *scale(Q(loss), ALPHA, ALPHA)]
    return [*summed(parts, "k"), *constant(loss)]


def traced(loss: Loss = ANY) -> list[Term]:
    """tr H(T_αθ)."""
    return rescaled(straight(trace(partial(hessian, loss))))


def elsewhere(share: list[Term]) -> list[Term]:
    """A share at Pθ, less Σ_q P_kq times that of unit q."""
    other = substituted(share, {"k": "k9"})
    chosen = summed(product([one(Atom("P", ("k", "k9")))], other), "k9")
    return minus(permuted(share), chosen)


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
    norms = product(output_norm(), summed([one(W, W)], "j"))
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


def least_trace() -> tuple[Step, ...]:
    """(b): the infimum over the orbit, with u = √P and v = √Q."""
    u, v, alpha, tau = letters("u v alpha tau", positive=True)
    f = output("i", "c")
    square = (u / alpha - alpha * v) ** 2
    return (
        *softmax_formula("b"),
        softmax_form("b"),
        logistic_sign("b"),
        identity(
            "b",
            "S_i = I for the squared loss: a_kᵀS_ia_k = ‖a_k‖² and tr S_i = C; so"
            " P_k, Q_k >= 0 for every loss, as vᵀS_iv >= 0",
            lambda: minus(curved(SQUARED), output_norm()),
            lambda: minus(curvature_trace(SQUARED), [Term(symbols.C, ())]),
        ),
        polynomial(
            "b",
            "α⁻²P + α²Q - 2√(PQ) = (√P/α - α√Q)²: summed over k, with (a),"
            " tr H(T_αθ) - Flat, which is >= 0",
            u**2 / alpha**2 + alpha**2 * v**2 - 2 * u * v - square,
            u**2 / alpha**2 - square.subs(v, 0),
            alpha**2 * v**2 - square.subs(u, 0),
        ),
        polynomial(
            "b",
            "P, Q > 0: it is 0 at α = (P/Q)^{1/4}, P = u⁴ and Q = v⁴",
            u**4 / (u / v) ** 2 + (u / v) ** 2 * v**4 - 2 * sqrt(u**4 * v**4),
        ),
        polynomial(
            "b",
            "P = 0 or Q = 0: it is τ²(P + Q) at α = τ or α = 1/τ, so the infimum is Flat",
            square.subs({u: 0, alpha: tau}) - tau**2 * v**2,
            square.subs({v: 0, alpha: 1 / tau}) - tau**2 * u**2,
        ),
        sign(
            "b",
            "P = 0 < Q or Q = 0 < P: it is α²Q or P/α², > 0 at every α: not attained",
            square.subs(u, 0),
            square.subs(v, 0),
            strict=True,
        ),
        identity(
            "b",
            "P_k(T_αθ) = α_k⁻² P_k, Q_k(T_αθ) = α_k² Q_k and s(T_αθ) = s: Flat is invariant",
            lambda: minus(rescaled(P()), scale(P(), INVERSE, INVERSE)),
            lambda: minus(rescaled(Q()), scale(Q(), ALPHA, ALPHA)),
            lambda: minus(rescaled(constant()), constant()),
        ),
        identity(
            "b",
            "f(X; Pθ) = f(X; θ), and with it S_i",
            lambda: minus(permuted(f), f),
        ),
        identity(
            "b",
            "the shares of unit k at Pθ are those of the unit q with P_kq = 1, and s is"
            " the same: Flat(Pθ) = Flat(θ)",
            lambda: elsewhere(P()),
            lambda: elsewhere(Q()),
            lambda: minus(permuted(constant()), constant()),
        ),
    )


def steps() -> Derivation:
    """The derivation."""
    a, w, rho, rest, least = letters("a w rho delta rho_min", nonnegative=True)
    C = symbols.C
    slope_square = rho + rest
    f = output("i", "c")
    return Derivation(
        theorem="T11",
        proves=(
            "a",
            *("b.1", "b.2", "b.3", "b.4", "b.5"),
            *("c.1", "c.2", "c.3"),
            *("d.1", "d.2", "d.3", "d.4", "d.5", "d.6"),
        ),
        steps=(
            homogeneity("a"),
            identity(
                "a",
                "f(X; T_αθ) = f(X; θ), and with it r and S",
                lambda: minus(rescaled(f), f),
            ),
            identity(
                "a",
                "tr H(T_αθ) = Σ_k (α_k⁻² P_k + α_k² Q_k) + s, any S",
                lambda: minus(traced(), orbit_trace()),
            ),
            identity(
                "a",
                "the same for the squared loss, where s = C",
                lambda: minus(traced(SQUARED), orbit_trace(SQUARED)),
                lambda: minus(constant(SQUARED), [Term(C, ())]),
            ),
            *least_trace(),
            homogeneity("c"),
            identity(
                "c",
                "squared loss: P_k = ‖a_k‖² R_k² and Q_k = C (1/n) Σ_i σ_ik²",
                lambda: minus(P(SQUARED), product(output_norm(), slopes())),
                lambda: minus(Q(SQUARED), mean([Term(C, (S0, S0))])),
            ),
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
                "‖w̃_k‖² - ‖w_k‖² = b_k² >= 0, so Σ_k ‖a_k‖‖w_k‖ <= Σ_k ‖a_k‖‖w̃_k‖",
                lambda: minus(weight_norm(), summed([one(W, W)], "j")),
                lambda: (
                    Square(coefficient=Integer(1), weights=(), form=[one(B)], over=()),
                ),
            ),
            sign(
                "d",
                "‖a_k‖‖w̃_k‖ρ_k >= ‖a_k‖‖w̃_k‖ min ρ where ρ_k = min ρ + δ, and both are 0"
                " where a_k = 0 or w̃_k = 0; then (c), (b) with α = 1, and the bounds of"
                " √Cx above",
                a * w * (least + rest) - a * w * least,
            ),
        ),
    )


DERIVATION = steps()
