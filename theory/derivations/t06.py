r"""T06: Cx_S = <WW^T, G_bb>, what a residual adds, and the bounds in probability space.

For any σ, any number of outputs and any of the losses, for symbolic n, d, m and C:

(a) Cx_S = <WW^T, G_bb>;
(b) Cx_S = <WW^T, H_bb> - (1/n) Σ_i Σ_k (r_i·a_k) σ''(z_ik) ‖w_k‖²;
(c) Cx_S = <WW^T, H_bb> where σ'' = 0;
(d) ‖S v‖² <= ½ vᵀSv for softmax, S² <= ¼ S for the logistic loss, with v any column of
    the input Jacobian: ∂p/∂x = S Jx, since p = r + t and S = ∂r/∂f.
"""

from sympy import Expr, Integer, Rational, Symbol

from .. import symbols
from ..derivation import Derivation
from ..gauss_newton import gauss_newton
from ..gradient import chain_rule, input_jacobian, output_hessian
from ..hessian import hessian
from ..indexed import Atom, Term, derivative, one, product, substituted, summed
from ..losses import Loss
from ..rules import Square, factor, identity, minus, polynomial, squares
from .curvature import (
    HALF,
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


def complexity(loss: Loss) -> list[Term]:
    """Cx_S = (1/n) Σ_i Σ_ce S_ice Σ_j Jx_icj Jx_iej, by differentiating f in x."""
    first = input_jacobian(loss)
    second = substituted(first, {"c": "c'"})
    S = output_hessian(loss, "i", "c", "c'")
    weight = [Term(S.coefficient / symbols.n, S.atoms)]
    return summed(product(weight, product(first, second)), "i", "c", "c'", "j")


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


def steps() -> Derivation:
    """The derivation."""
    q = Symbol("p", real=True)
    return Derivation(
        theorem="T06",
        proves=("a", "b", "c", "d.1", "d.2"),
        steps=(
            identity("a", "∂f_c/∂x_j = Σ_k W_kj ∂f_c/∂b_k", through_biases),
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
                "Cx = <WW^T, H_bb> - (1/n) Σ_i Σ_k (r_i·a_k) σ''(z_ik) ‖w_k‖²",
                lambda: minus(
                    minus(complexity(SQUARED), paired(hessian(SQUARED, "b", "b"))),
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
        ),
    )


DERIVATION = steps()
