"""Folklore that is false, each with the instances that refute it."""

from fractions import Fraction
from typing import Any, Final

from ..expressions import Comparison, Constant, call, name
from ..theorems import Case, Claim, Example, Law, Refutation
from .laws import law

__all__ = ["REFUTATIONS"]

Cx, EF, F, H = name("Cx"), name("EF"), name("F"), name("H")

RAMP = Example(
    activation="relu",
    x=((1,), (2,)),
    W=((1,),),
    b=(0,),
    A=((1,),),
    c=(0,),
    residual=((0,), (0,)),
)
"""f(x) = relu(x) fits y = x on {1, 2}."""

SQUARE = Example(
    activation="quadratic",
    x=((1,),),
    W=((0,),),
    b=(0,),
    A=((1,),),
    c=(0,),
    residual=((1,),),
)
"""f(x) = w²x² with y = -1: the minimum over w is w = 0, with a residual of 1."""


def _false(statement: str, law: Comparison | Law, *assumes: str) -> Claim:
    return Claim(label="", statement=statement, law=law, assumes=assumes)


# Sides and numbers


def _rescaled_sharpness_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    return _sharpness_at(10.0)(q, drawn), q.eigenvalues("H")[..., 0]


def _scaled_sharpness_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    return _margin_sharpness_at(4.0)(q, drawn), q.eigenvalues("H")[..., 0]


def _sharpness_at(alpha: float) -> Any:
    return lambda q, drawn: q.rescaled_by(alpha).eigenvalues("H")[..., 0]


def _margin_sharpness_at(scale: float) -> Any:
    return lambda q, drawn: q.with_output_scaled(scale).eigenvalues("H")[..., 0]


def _change_of_f_at(alpha: float) -> Any:
    def change(q: Any, drawn: Any) -> Any:
        return (q.rescaled_by(alpha).f - q.f).abs().max(-1).max(-1)

    return change


def _changed_decisions_at(scale: float) -> Any:
    """Σ_i (|f f'| - f f'): 0 where no sign of f differs from that of f'."""

    def change(q: Any, drawn: Any) -> Any:
        product = q.with_output_scaled(scale).f * q.f
        return (product.abs() - product).sum(-1, -2)

    return change


def _eigenvalue(matrix: str, place: int) -> Any:
    return lambda q, drawn: q.eigenvalues(matrix)[..., place]


def _norm_of_F(q: Any, drawn: Any) -> Any:
    return q.eigenvalues("F").abs().max(-1)


# The folklore

R02A = Refutation(
    id="R02a",
    statement="sharp minima generalise worse: sharpness is decided by the function",
    learnt="sharpness belongs to θ, not to the function: compare what rescaling"
    " leaves alone (T11)",
    cases=(
        Case(
            claim=_false(
                r"$\lambda_1(H(T_\alpha\theta)) = \lambda_1(H(\theta))$",
                law(_rescaled_sharpness_sides, "=="),
            ),
            example=RAMP,
            shown=(
                ("λ_1 at α = 1", _sharpness_at(1.0), 6.854),
                ("λ_1 at α = 10", _sharpness_at(10.0), 250.9),
                ("λ_1 at α = 100", _sharpness_at(100.0), 25001.0),
                ("largest change of f", _change_of_f_at(100.0), 0.0),
            ),
        ),
    ),
    source="Dinh et al. (2017); theorem T28",
)

R02B = Refutation(
    id="R02b",
    statement="low complexity forces a small Hessian, without a condition on W",
    learnt="low complexity bounds the Hessian only where W has a least singular"
    " value: T07(d) is the repaired form",
    cases=(
        Case(
            claim=_false(
                r"$\lambda_1(H) \le 10^6(1 + \mathrm{Cx})$",
                call("lmax", H) <= Constant(10**6) * (1 + Cx),
                "interpolation",
            ),
            example=RAMP.but(W=((1,), (1,)), b=(0, 0), A=((1000, -1000),)),
            shown=(
                ("Cx of Mσ(x) - Mσ(x)", lambda q, drawn: q.Cx, 0.0),
                ("λ_1 at M = 1000", _eigenvalue("H", 0), 6.85e6),
            ),
        ),
        Case(
            claim=_false(
                r"$\operatorname{tr} H_{aa} \le 10^6(1 + \mathrm{Cx})$",
                call("tr", name("H_aa")) <= Constant(10**6) * (1 + Cx),
                "interpolation",
            ),
            example=RAMP.but(W=((1000,),), A=((0,),)),
            shown=(
                ("Cx at a = 0", lambda q, drawn: q.Cx, 0.0),
                ("tr H_aa", lambda q, drawn: q.block("H", "aa").trace(), 2.5e6),
            ),
        ),
    ),
    source="derived here; compare theorem T07(d)",
)

R02C = Refutation(
    id="R02c",
    statement="a small bias block of the Hessian forces low complexity, whatever ‖W‖",
    learnt="the bias block bounds complexity only together with ‖W‖² (T07 b)",
    cases=(
        Case(
            claim=_false(
                r"$\mathrm{Cx} \le \operatorname{tr} H_{bb}$",
                Cx <= call("tr", name("H_bb")),
            ),
            example=RAMP.but(W=((16,),), A=((Fraction(1, 16),),)),
            shown=(
                ("Cx", lambda q, drawn: q.Cx, 1.0),
                (
                    "tr H_bb at α = 16",
                    lambda q, drawn: q.block("H", "bb").trace(),
                    1 / 256,
                ),
                (
                    "largest |f(x) - x|",
                    lambda q, drawn: (q.f - q.x).abs().max(-2)[..., 0],
                    0.0,
                ),
            ),
        ),
    ),
    source="derived here; theorem T10",
)

R03 = Refutation(
    id="R03",
    statement="H = G at every global minimum, and rank H ≤ n there (here of w alone:"
    " f = Σ_k w_k²x², y = -1)",
    learnt="H = G asks for a residual of 0, or for piecewise-linear σ, one output"
    " and no a_k = 0 (T03 c)",
    cases=(
        Case(
            claim=_false(r"$H_{ww} = G_{ww}$", name("H_ww").equals(name("G_ww"))),
            example=SQUARE,
            shown=(
                ("H_ww", lambda q, drawn: q.block("H", "ww").trace(), 2.0),
                ("G_ww", lambda q, drawn: q.block("G", "ww").trace(), 0.0),
            ),
        ),
        Case(
            claim=_false(
                r"$\operatorname{rank} H_{ww} \le n$",
                call("rank", name("H_ww")) <= name("n"),
            ),
            example=SQUARE.but(W=((0,), (0,)), b=(0, 0), A=((1, 1),)),
            shown=(
                (
                    "rank H_ww at m = 2, n = 1",
                    lambda q, drawn: q.block("H", "ww").rank(),
                    2.0,
                ),
            ),
        ),
    ),
    source="derived here",
)

R03B = Refutation(
    id="R03b",
    statement="H = G at every local minimum of all parameters, for smooth σ too",
    learnt="freeing all parameters does not help: a local minimum with a residual"
    " keeps F ≠ 0",
    cases=(
        Case(
            claim=_false(
                r"$\nabla L = 0 \Rightarrow F = 0$",
                call("fro", F).equals(0),
                "critical",
            ),
            example=Example(
                activation="quadratic",
                x=((1, 0), (-1, 0), (0, 1), (0, -1), (0, 0)),
                W=((1, 0),),
                b=(0,),
                A=((Fraction(8, 3),),),
                c=(Fraction(-2, 3),),
                residual=(
                    (0,),
                    (0,),
                    (Fraction(1, 3),),
                    (Fraction(1, 3),),
                    (Fraction(-2, 3),),
                ),
            ),
            # rank 4 of 5, H ⪰ 0, and the kernel is the tangent of the orbit
            # (αw, αb, a/α²) along which f does not change: a local minimum
            shown=(
                ("L", lambda q, drawn: q.L, 1 / 15),
                ("‖F‖", _norm_of_F, 32 / 45),
                ("λ_4(H)", _eigenvalue("H", 3), 0.57931),
            ),
        ),
    ),
    source="derived here; theorem T03(c) holds for piecewise-linear σ",
)

R04 = Refutation(
    id="R04",
    statement="the empirical Fisher is near the Hessian at a minimum",
    learnt="the empirical Fisher vanishes with the residuals; the Fisher is G (T05)",
    cases=(
        Case(
            claim=_false(
                r"$\|H\| \le 1000\,\|\frac{1}{n}\sum_ig_ig_i^T\|$",
                call("op", H) <= Constant(1000) * call("op", EF),
                "interpolation",
            ),
            example=RAMP,
            shown=(
                ("‖empirical Fisher‖_F", lambda q, drawn: q.EF.frobenius(), 0.0),
                ("λ_1(H)", _eigenvalue("H", 0), 6.854),
            ),
        ),
    ),
    source="Kunstner, Hennig and Balles (2019); theorems T04(f) and T05",
)

R09 = Refutation(
    id="R09",
    statement="H = G at differentiable critical points of ReLU networks, for any C",
    learnt="with two outputs a critical point of a ReLU network can keep F ≠ 0:"
    " T03(c) needs one",
    cases=(
        Case(
            claim=_false(
                r"$\nabla L = 0$, every $a_k \ne 0 \Rightarrow F = 0$",
                call("fro", F).equals(0),
                "critical",
                "active",
            ),
            example=Example(
                activation="relu",
                x=((1,), (2,), (-1,)),
                W=((1,),),
                b=(0,),
                A=((1,), (0,)),
                c=(0, 0),
                residual=((0, 2), (0, -1), (0, -1)),
            ),
            shown=(
                ("‖F‖", _norm_of_F, 1 / 3),
                ("λ_min(H)", _eigenvalue("H", -1), -0.071675),
            ),
        ),
    ),
    source="derived here; theorem T03(c) holds for C = 1",
)

R10 = Refutation(
    id="R10",
    statement="flatness of cross-entropy is a property of the classifier",
    learnt="the curvature of a cross-entropy measures the margin: compare at equal"
    " loss (T27)",
    cases=(
        Case(
            claim=_false(
                r"$\lambda_1(H)$ is the same for $f$ and $4f$",
                law(_scaled_sharpness_sides, "=="),
            ),
            example=Example(
                activation="relu",
                loss="logistic",
                x=((1,), (-1,), (2,), (-2,)),
                W=((1,), (-1,)),
                b=(0, 0),
                A=((1, -1),),
                c=(0,),
                labels=(1, 0, 1, 0),
            ),
            shown=(
                ("λ_1 at s = 1", _margin_sharpness_at(1.0), 0.42),
                ("λ_1 at s = 4", _margin_sharpness_at(4.0), 0.159),
                ("λ_1 at s = 16", _margin_sharpness_at(16.0), 1.45e-5),
                ("λ_1 at s = 64", _margin_sharpness_at(64.0), 3.29e-25),
                ("changed decisions", _changed_decisions_at(64.0), 0.0),
            ),
        ),
    ),
    source="derived here; theorem T27",
)

REFUTATIONS: Final = (R02A, R02B, R02C, R03, R03B, R04, R09, R10)
