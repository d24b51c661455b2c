r"""T06: Cx_S = <WW^T, G_bb>, what a residual adds, and the bounds in probability space.

For any σ, any number of outputs and any of the losses, for symbolic n, d, m and C:

(a) Cx_S = <WW^T, G_bb>, sample by sample;
(b) Cx_S = <WW^T, H_bb> - (1/n) Σ_i Σ_k (r_i·a_k) σ''(z_ik) ‖w_k‖²;
(c) Cx_S = <WW^T, H_bb> where σ'' = 0;
(d) ‖S v‖² <= ½ vᵀSv for softmax, S² <= ¼ S for the logistic loss, with v any column of
    the input Jacobian: ∂p/∂x = S Jx, since p = r + t and S = ∂r/∂f;
(e) Cx_S = (1/n) Σ_i Σ_y p_y ‖∇ₓ log p_y‖² for both cross-entropies.
"""

from sympy import Expr, Integer, Rational, Symbol, exp

from .. import symbols
from ..derivation import Derivation
from ..gauss_newton import gauss_newton
from ..gradient import chain_rule, input_jacobian, output_hessian
from ..hessian import hessian
from ..indexed import Atom, Term, derivative, one, product, substituted, summed
from ..losses import NORMALISER, SHIFT, Loss
from ..rules import Square, factor, identity, minus, polynomial, squares
from ..symbols import OUTPUT, TARGET
from .curvature import (
    HALF,
    LOGISTIC,
    ONE,
    SOFTMAX,
    SQUARED,
    V,
    applied,
    applied_twice,
    dot,
    logistic_curvature,
    pair,
    softmax_form,
    softmax_formula,
)

__all__ = ["DERIVATION", "steps"]


X = Atom("x", ("i", "j"))


def weighted_slopes(loss: Loss) -> list[Term]:
    """tr(Jx_iᵀ S_i Jx_i) = Σ_ce S_ice Σ_j Jx_icj Jx_iej, by differentiating f in x."""
    first = input_jacobian(loss)
    second = substituted(first, {"c": "c'"})
    S = output_hessian(loss, "i", "c", "c'")
    return summed(product([S], product(first, second)), "c", "c'", "j")


def complexity(loss: Loss) -> list[Term]:
    """Cx_S = (1/n) Σ_i tr(Jx_iᵀ S_i Jx_i)."""
    return summed(product([Term(1 / symbols.n, ())], weighted_slopes(loss)), "i")


def curvature_in_biases(loss: Loss) -> list[Term]:
    """(D_iᵀ S_i D_i)_kk' = Σ_ce S_ice ∂f_ic/∂b_k ∂f_ie/∂b_k'."""

    def slope(c: str, k: str) -> list[Term]:
        f = [one(Atom("f", ("i", c)))]
        return derivative(f, Atom("b", (k,)), chain_rule(loss))

    both = product(slope("c", "k"), slope("c'", "k'"))
    return summed(product([output_hessian(loss, "i", "c", "c'")], both), "c", "c'")


def paired(block: list[Term]) -> list[Term]:
    """<WW^T, B> = Σ_kk'j W_kj W_k'j B_kk'."""
    weights = one(Atom("W", ("k", "j")), Atom("W", ("k'", "j")))
    return summed(product([weights], block), "k", "k'", "j")


def residual_block(coefficient: Expr = ONE) -> list[Term]:
    """δ_kk' (1/n) Σ_i (r_i·a_k) σ''(z_ik)."""
    atoms = (
        Atom("delta", ("k", "k'")),
        Atom("r", ("i", "c")),
        Atom("A", ("c", "k")),
        Atom("s2", ("i", "k")),
    )
    return summed([Term(coefficient / symbols.n, atoms)], "i", "c")


def through_biases() -> list[Term]:
    """∂f_c/∂x_j - Σ_k W_kj ∂f_c/∂b_k."""
    f = [one(Atom("f", ("i", "c")))]
    slopes = derivative(f, Atom("b", ("k",)), chain_rule(SQUARED))
    through = summed(product([one(Atom("W", ("k", "j")))], slopes), "k")
    return minus(input_jacobian(SQUARED), through)


def without_bend(terms: list[Term]) -> list[Term]:
    """σ'' = 0."""
    return [t for t in terms if all(atom.name != "s2" for atom in t.atoms)]


def half_minus_form(bound: Expr = HALF) -> list[Term]:
    """bound ‖v‖² - vᵀSv."""
    return minus(dot(V, V, bound), dot(V, applied("v")))


def half_squares() -> tuple[Square, ...]:
    """½ Σ_c (1 - 2p_c)² v_c² + ½ Σ_{c≠e} p_c p_e (v_c + v_e)²."""
    bent = [
        one(Atom("v", ("c",))),
        Term(Integer(-2), (Atom("p", ("i", "c")), Atom("v", ("c",)))),
    ]
    return (
        Square(coefficient=HALF, weights=(), form=bent, over=("c",)),
        Square(
            coefficient=HALF,
            weights=("c", "c'"),
            form=pair(1),
            over=("c", "c'"),
            apart=True,
        ),
    )


def transfer(bound: Expr = HALF) -> list[Term]:
    """½vᵀSv - ‖u‖² - [½(v - 2u)ᵀS(v - 2u) + 2(bound ‖u‖² - uᵀSu)], u = Sv."""
    u, Su = applied("v"), applied_twice()
    left = minus(dot(V, u, HALF), dot(u, u))
    # S is symmetric: vᵀSu = uᵀSv = ‖u‖²
    right = [
        *dot(V, u, HALF),
        *dot(u, u, Integer(-2)),
        *dot(u, Su, Integer(2)),
        *dot(u, u, 2 * bound),
        *dot(u, Su, Integer(-2)),
    ]
    return minus(left, right)


def symmetry() -> list[Term]:
    """vᵀS(Sv) - ‖Sv‖²."""
    return minus(dot(V, applied_twice()), dot(applied("v"), applied("v")))


def probabilities_in_x(curvature: Loss = SOFTMAX) -> list[Term]:
    """∂r_ic/∂x_j - Σ_e S_ice Jx_iej, with r = p - t."""
    r = derivative([one(Atom("r", ("i", "c")))], X, chain_rule(SOFTMAX))
    S = output_hessian(curvature, "i", "c", "c'")
    through = product([S], substituted(input_jacobian(SOFTMAX), {"c": "c'"}))
    return minus(r, summed(through, "c'"))


def score() -> list[Term]:
    """∂ℓ_i/∂x_j - Σ_c r_ic Jx_icj, with ℓ_i = -log p_y."""
    ell = derivative([one(Atom("ell", ("i",)))], X, chain_rule(SOFTMAX))
    through = product([one(Atom("r", ("i", "c")))], input_jacobian(SOFTMAX))
    return minus(ell, summed(through, "c"))


def expected_squares() -> list[Term]:
    """Σ_y p_iy ‖Jx_iᵀ(e_y - p_i)‖², y = c2."""

    def deviation(c: str) -> list[Term]:
        """e_y - p_i."""
        own = one(Atom("delta", (c, "c2")))
        return [own, Term(Integer(-1), (Atom("p", ("i", c)),))]

    first = product(deviation("c"), input_jacobian(SOFTMAX))
    second = substituted(first, {"c": "c'"})
    weight = [one(Atom("p", ("i", "c2")))]
    return summed(product(weight, product(first, second)), "c", "c'", "c2", "j")


def softmax_slopes() -> list[Term]:
    """tr(Jx_iᵀ S_i Jx_i) with S_ice = δ_ce p_ic - p_ic p_ie."""
    first = input_jacobian(SOFTMAX)
    own = one(Atom("delta", ("c", "c'")), Atom("p", ("i", "c")))
    mixed = Term(Integer(-1), (Atom("p", ("i", "c")), Atom("p", ("i", "c'"))))
    both = product(first, substituted(first, {"c": "c'"}))
    return summed(product([own, mixed], both), "c", "c'", "j")


def softmax_probability(target: int = 1) -> tuple[Expr, Expr]:
    """r - (p - t), and e^-ℓ - p for the label's own output, M = 0, p = eᶠ/N."""
    p = exp(OUTPUT) / NORMALISER
    r = SOFTMAX.residual.subs(SHIFT, 0)
    ell = SOFTMAX.outer.subs(SHIFT, 0) + SOFTMAX.direct.subs(TARGET, target)
    return r - (p - TARGET), exp(-ell) - p


def logistic_probability(label: int = 1) -> tuple[Expr, ...]:
    """r - (p - t), and e^-ℓ less p at t = 1, less 1 - p at t = 0, with E = eᶠ."""
    E = Symbol("E", positive=True)
    loss = LOGISTIC.shown
    ell = loss.outer.subs(NORMALISER, loss.inner) + loss.direct
    p = E / (1 + E)
    found = (
        loss.residual - (p - TARGET),
        exp(-ell.subs(TARGET, label)) - p,
        exp(-ell.subs(TARGET, 1 - label)) - (1 - p),
    )
    return tuple(part.subs(exp(OUTPUT), E) for part in found)


def steps() -> Derivation:
    """The derivation."""
    q = Symbol("p", real=True)
    return Derivation(
        theorem="T06",
        proves=("a.1", "a.2", "a.3", "b", "c", "d.1", "d.2", "e.1", "e.2"),
        steps=(
            identity("a", "∂f_c/∂x_j = Σ_k W_kj ∂f_c/∂b_k", through_biases),
            identity(
                "a",
                "tr(Jx_iᵀ S_i Jx_i) = <WW^T, D_iᵀ S_i D_i>, any S",
                lambda: minus(
                    weighted_slopes(SOFTMAX), paired(curvature_in_biases(SOFTMAX))
                ),
            ),
            identity(
                "a",
                "Cx_S = <WW^T, G_bb>, any S",
                lambda: minus(
                    complexity(SOFTMAX), paired(gauss_newton(SOFTMAX, "b", "b"))
                ),
            ),
            identity(
                "a",
                "Cx = <WW^T, G_bb>, squared loss",
                lambda: minus(
                    complexity(SQUARED), paired(gauss_newton(SQUARED, "b", "b"))
                ),
            ),
            identity(
                "b",
                "H_bb = G_bb + diag_k((1/n) Σ_i (r_i·a_k) σ''(z_ik))",
                lambda: minus(
                    minus(hessian(SOFTMAX, "b", "b"), gauss_newton(SOFTMAX, "b", "b")),
                    residual_block(),
                ),
            ),
            identity(
                "b",
                "Cx_S = <WW^T, H_bb> - (1/n) Σ_i Σ_k (r_i·a_k) σ''(z_ik) ‖w_k‖²",
                lambda: minus(
                    minus(complexity(SOFTMAX), paired(hessian(SOFTMAX, "b", "b"))),
                    paired(residual_block(Integer(-1))),
                ),
            ),
            factor(
                "c",
                "H_bb - G_bb vanishes with σ''",
                "s2",
                lambda: minus(
                    hessian(SOFTMAX, "b", "b"), gauss_newton(SOFTMAX, "b", "b")
                ),
            ),
            identity(
                "c",
                "Cx_S = <WW^T, H_bb> where σ'' = 0",
                lambda: minus(
                    complexity(SOFTMAX),
                    paired(without_bend(hessian(SOFTMAX, "b", "b"))),
                ),
            ),
            identity("d", "∂p/∂x = ∂r/∂x = S Jx", probabilities_in_x),
            *softmax_formula("d"),
            softmax_form("d"),
            squares(
                "d",
                "½‖v‖² - vᵀSv = ½ Σ_c (1-2p_c)² v_c² + ½ Σ_{c≠e} p_c p_e (v_c+v_e)²",
                half_minus_form,
                half_squares,
            ),
            identity("d", "vᵀS(Sv) = ‖Sv‖²", symmetry, simplex=True),
            identity(
                "d",
                "½vᵀSv - ‖Sv‖² = ½(v-2u)ᵀS(v-2u) + 2(½‖u‖² - uᵀSu) >= 0, u = Sv",
                transfer,
                simplex=True,
            ),
            polynomial("d", "logistic: S = p(1-p), f <= 0", logistic_curvature(0)),
            polynomial("d", "logistic: S = p(1-p), f > 0", logistic_curvature(1)),
            polynomial(
                "d",
                "logistic: ¼ - p(1-p) = (½ - p)² >= 0",
                Rational(1, 4) - q * (1 - q) - (HALF - q) ** 2,
            ),
            polynomial("e", "softmax: e^-ℓ = p_y, r = p - e_y", *softmax_probability()),
            identity("e", "∇ₓℓ_i = Jx_iᵀ r_i", score),
            *softmax_formula("e"),
            identity(
                "e",
                "softmax: Σ_y p_y ‖Jx_iᵀ(e_y - p)‖² = tr(Jx_iᵀ S_i Jx_i)",
                lambda: minus(expected_squares(), softmax_slopes()),
                simplex=True,
            ),
            polynomial(
                "e",
                "logistic: e^-ℓ = p or 1 - p, r = p - y",
                *logistic_probability(),
            ),
            polynomial("e", "logistic: S = p(1-p), f <= 0", logistic_curvature(0)),
            polynomial("e", "logistic: S = p(1-p), f > 0", logistic_curvature(1)),
            polynomial(
                "e",
                "logistic: p(1-p)² + (1-p)p² = p(1-p)",
                q * (1 - q) ** 2 + (1 - q) * q**2 - q * (1 - q),
            ),
        ),
    )


DERIVATION = steps()
