"""Folklore that is false, each with the instance that refutes it."""

from fractions import Fraction
from typing import Any, Final

from ..expressions import Constant, call, name
from ..theorems import Claim, Example, Law, Refutation

__all__ = ["REFUTATIONS"]

Cx, EF, F, H = name("Cx"), name("EF"), name("F"), name("H")

_RAMP = Example(
    activation="relu",
    x=((1,), (2,)),
    W=((1,),),
    b=(0,),
    A=((1,),),
    c=(0,),
    residual=((0,), (0,)),
)
"""f(x) = relu(x) fits y = x on {1, 2}."""


def _sharpness_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    there = q.rescaled_by(10.0).eigenvalues("H")[..., 0]
    return there, q.eigenvalues("H")[..., 0]


def _margin_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    there = q.with_output_scaled(4.0).eigenvalues("H")[..., 0]
    return there, q.eigenvalues("H")[..., 0]


def _sharpness_at(alpha: float) -> Any:
    return lambda q, drawn: q.rescaled_by(alpha).eigenvalues("H")[..., 0]


def _margin_sharpness_at(scale: float) -> Any:
    return lambda q, drawn: q.with_output_scaled(scale).eigenvalues("H")[..., 0]


R02A = Refutation(
    id="R02a",
    statement="sharp minima generalise worse: sharpness is decided by the function",
    claim=Claim(
        label="",
        statement=r"\lambda_1(H(T_\alpha\theta)) = \lambda_1(H(\theta))",
        law=Law(sides=_sharpness_sides, relation="=="),
    ),
    example=_RAMP,
    shown=(
        ("λ_1 at α = 1", _sharpness_at(1.0), 6.854),
        ("λ_1 at α = 10", _sharpness_at(10.0), 250.9),
        ("λ_1 at α = 100", _sharpness_at(100.0), 25001.0),
    ),
    source="Dinh et al. (2017); theorem T28",
)

R02B = Refutation(
    id="R02b",
    statement="low complexity forces a small Hessian, without a condition on W",
    claim=Claim(
        label="",
        statement=r"\lambda_1(H) \le 10^6(1 + Cx)",
        law=call("lmax", H) <= Constant(10**6) * (1 + Cx),
    ),
    example=_RAMP.but(W=((1,), (1,)), b=(0, 0), A=((1000, -1000),)),
    shown=(
        ("Cx", lambda q, drawn: q.Cx, 0.0),
        ("λ_1", lambda q, drawn: q.eigenvalues("H")[..., 0], 6.85e6),
    ),
    source="derived here; compare theorem T07(d)",
)

R02C = Refutation(
    id="R02c",
    statement="a small bias block of the Hessian forces low complexity, whatever ‖W‖",
    claim=Claim(
        label="",
        statement=r"Cx \le tr H_{bb}",
        law=Cx <= call("tr", name("H_bb")),
    ),
    example=_RAMP.but(W=((16,),), A=((Fraction(1, 16),),)),
    shown=(
        ("Cx", lambda q, drawn: q.Cx, 1.0),
        ("tr H_bb", lambda q, drawn: q.block("H", "bb").trace(), 0.00390625),
    ),
    source="derived here; theorem T10",
)

R03 = Refutation(
    id="R03",
    statement="H = G at every global minimum (here of w alone: f = w²x², y = -1)",
    claim=Claim(
        label="",
        statement=r"H_{ww} = G_{ww}",
        law=name("H_ww").equals(name("G_ww")),
    ),
    example=Example(
        activation="quadratic",
        x=((1,),),
        W=((0,),),
        b=(0,),
        A=((1,),),
        c=(0,),
        residual=((1,),),
    ),
    shown=(
        ("H_ww", lambda q, drawn: q.block("H", "ww").trace(), 2.0),
        ("G_ww", lambda q, drawn: q.block("G", "ww").trace(), 0.0),
    ),
    source="derived here",
)

R04 = Refutation(
    id="R04",
    statement="the empirical Fisher is near the Hessian at a minimum",
    claim=Claim(
        label="",
        statement=r"\|H\| \le 1000\,\|\frac{1}{n}\sum_ig_ig_i^T\|",
        law=call("op", H) <= Constant(1000) * call("op", EF),
        assumes=("interpolation",),
    ),
    example=_RAMP,
    shown=(
        ("‖empirical Fisher‖_F", lambda q, drawn: q.EF.frobenius(), 0.0),
        ("λ_1(H)", lambda q, drawn: q.eigenvalues("H")[..., 0], 6.854),
    ),
    source="Kunstner, Hennig and Balles (2019); theorems T04(f) and T05",
)

R09 = Refutation(
    id="R09",
    statement="H = G at differentiable critical points of ReLU networks, for any C",
    claim=Claim(
        label="",
        statement=r"\nabla L = 0, every a_k \ne 0 \Rightarrow F = 0",
        law=call("fro", F).equals(0),
        assumes=("critical", "active"),
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
        ("‖F‖", lambda q, drawn: q.eigenvalues("F").abs().max(-1), 1 / 3),
        ("λ_min(H)", lambda q, drawn: q.eigenvalues("H")[..., -1], -0.071675),
    ),
    source="derived here; theorem T03(c) holds for C = 1",
)

R10 = Refutation(
    id="R10",
    statement="flatness of cross-entropy is a property of the classifier",
    claim=Claim(
        label="",
        statement=r"\lambda_1(H) is the same for f and 4f",
        law=Law(sides=_margin_sides, relation="=="),
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
    ),
    source="derived here; theorem T27",
)

REFUTATIONS: Final = (R02A, R02B, R02C, R03, R04, R09, R10)
