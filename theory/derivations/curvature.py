"""S = ∂²ℓ/∂f² of each loss: what it is in probabilities, and that it is >= 0."""

from sympy import Expr, Integer, Rational, Symbol, exp

from ..derivation import Step
from ..indexed import Atom, Term, one, product, substituted, summed
from ..losses import NORMALISER, SHIFT, get_loss
from ..rules import Square, polynomial, sign, squares
from ..symbols import OUTPUT, TARGET

__all__ = [
    "HALF",
    "LOGISTIC",
    "ONE",
    "SOFTMAX",
    "SQUARED",
    "V",
    "applied",
    "applied_twice",
    "dot",
    "logistic_curvature",
    "logistic_sign",
    "pair",
    "softmax_curvature",
    "softmax_diagonal",
    "softmax_form",
    "softmax_formula",
]

SOFTMAX, SQUARED, LOGISTIC = map(get_loss, ("softmax", "squared", "logistic"))
ONE, HALF = Integer(1), Rational(1, 2)


def applied(form: str) -> list[Term]:
    """(S v)_c = p_c v_c - p_c Σ_e p_e v_e, v named by `form`."""
    own = one(Atom("p", ("i", "c")), Atom(form, ("c",)))
    mixed = Term(
        Integer(-1),
        (Atom("p", ("i", "c")), Atom("p", ("i", "c'")), Atom(form, ("c'",))),
        ("c'",),
    )
    return [own, mixed]


def applied_twice() -> list[Term]:
    """(S u)_c with u = S v."""
    u = applied("v")
    own = product([one(Atom("p", ("i", "c")))], u)
    elsewhere = substituted(u, {"c": "c'"})
    mean = summed(product([one(Atom("p", ("i", "c'")))], elsewhere), "c'")
    return [*own, *product([Term(Integer(-1), (Atom("p", ("i", "c")),))], mean)]


def dot(left: list[Term], right: list[Term], scale: Expr = ONE) -> list[Term]:
    """scale × Σ_c left_c right_c."""
    return summed(product([Term(scale, ())], product(left, right)), "c")


V = [one(Atom("v", ("c",)))]


def pair(sign: int) -> list[Term]:
    """v_c + sign v_e."""
    return [one(Atom("v", ("c",))), Term(Integer(sign), (Atom("v", ("c'",)),))]


def softmax_curvature(scale: int = 1) -> Expr:
    """S_ce of the definition, less -p_c p_e, with p = eᶠ/N and M = 0."""
    curvature, slope = SOFTMAX.output_hessian_outer
    f, g = Symbol("f", real=True), Symbol("g", real=True)
    here, there = slope.subs({SHIFT: 0, OUTPUT: f}), slope.subs({SHIFT: 0, OUTPUT: g})
    p, q = exp(f) / NORMALISER, exp(g) / NORMALISER
    E, D = Symbol("E", positive=True), Symbol("D", positive=True)
    difference = curvature.subs(SHIFT, 0) * here * there + scale * p * q
    return difference.subs({exp(f): E, exp(g): D})


def softmax_diagonal() -> Expr:
    """The part of S_cc with δ, less p_c."""
    own = SOFTMAX.output_hessian_diagonal.subs(SHIFT, 0)
    return own - exp(OUTPUT) / NORMALISER


def logistic_curvature(branch: int) -> Expr:
    """S - p(1 - p) on one branch of softplus, p = r + t, as a rational function."""
    E = Symbol("E", positive=True)
    S = LOGISTIC.output_hessian_diagonal.args[branch][0]
    p = (LOGISTIC.residual + TARGET).args[branch][0]
    return (S - p * (1 - p)).subs({exp(OUTPUT): E, exp(-OUTPUT): 1 / E})


def softmax_formula(claim: str) -> tuple[Step, ...]:
    """S = diag(p) - ppᵀ, from the definition of the loss."""
    return (
        polynomial(
            claim, "softmax: S_ce = -p_c p_e off the diagonal", softmax_curvature()
        ),
        polynomial(claim, "softmax: S_cc = p_c - p_c²", softmax_diagonal()),
    )


def softmax_form(claim: str) -> Step:
    """vᵀSv >= 0."""
    return squares(
        claim,
        "softmax: vᵀSv = ½ Σ_ce p_c p_e (v_c - v_e)² >= 0",
        lambda: dot(V, applied("v")),
        lambda: (
            Square(
                coefficient=HALF, weights=("c", "c'"), form=pair(-1), over=("c", "c'")
            ),
        ),
    )


def logistic_sign(claim: str) -> Step:
    """S > 0 on both branches of softplus."""
    E = Symbol("E", positive=True)
    branches = [
        branch.subs({exp(OUTPUT): E, exp(-OUTPUT): 1 / E}).together()
        for branch, _ in LOGISTIC.output_hessian_diagonal.args
    ]
    return sign(claim, "logistic: S > 0", *branches, strict=True)
