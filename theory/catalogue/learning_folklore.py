"""Folklore on what training data and curvature say, with what refutes it."""

from fractions import Fraction
from typing import Any, Final

from ..theorems import Case, Claim, Example, Law, Refutation
from .laws import law, law_of
from .t14 import SINGLE
from .t14_sides import moment_rate, stable_rate_sides

__all__ = ["LEARNING_FOLKLORE"]

STEEPNESS = 1000.0
"""How much rougher than on the data a function is allowed to be in R05."""

_PLANE = Example(
    activation="identity",
    x=((1, 0),),
    W=((1, 10),),
    b=(0,),
    A=((1,),),
    c=(0,),
    residual=((0,),),
)
"""f(x) = x_1 + 10x_2 fits y = 1 at x = (1, 0)."""

_BUMP = Example(
    activation="relu",
    x=((0,), (1,)),
    W=((1,), (1,), (1,)),
    b=(Fraction(-2, 5), Fraction(-1, 2), Fraction(-3, 5)),
    A=((100, -200, 100),),
    c=(0,),
    residual=((0,), (0,)),
)
"""A triangle over [2/5, 3/5] of height 10, between data at 0 and 1."""


def _false(statement: str, law: Law, *assumes: str) -> Claim:
    return Claim(label="", statement=statement, law=law, assumes=assumes)


# R01


def _elsewhere(q: Any) -> Any:
    """The minimum w = (w_1, 0), which fits the same data."""
    theta = q.theta.value.copy()
    theta[:, 1] = 0.0
    return q.same_function(theta)


def _test_loss(q: Any) -> Any:
    """E ½(f(x) - x_1)² for x = (1, ±1), each with the chance ½."""
    x = q.x.value[:, [0, 0]].copy()
    x[:, 0, 1], x[:, 1, 1] = 1.0, -1.0
    at = q.at_inputs(x)
    error = at.f[..., 0] - at.x[..., 0]
    return (error * error).mean(-1) * 0.5


def _test_loss_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """Test losses at two minima with the same H_ww."""
    return _test_loss(q), _test_loss(_elsewhere(q))


def _change_of_hessian(q: Any, drawn: Any) -> Any:
    return (q.block("H", "ww") - _elsewhere(q).block("H", "ww")).frobenius()


# R05


def _mean_slope(q: Any) -> Any:
    """E f'(x)² for x uniform on [0, 1]: f' is constant between the kinks."""
    pieces = ((0.2, 0.4), (0.45, 0.1), (0.55, 0.1), (0.8, 0.4))
    x = q.x.value[:, [0] * len(pieces)].copy()
    total = 0.0
    for place, (middle, _) in enumerate(pieces):
        x[:, place, 0] = middle
    slopes = q.at_inputs(x).Jx[..., 0, 0]
    for place, (_, length) in enumerate(pieces):
        total = slopes[:, place] * slopes[:, place] * length + total
    return total


def _slope_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    """E f'² and 1000 (1 + Cx)."""
    return _mean_slope(q), (q.Cx + 1.0) * STEEPNESS


R01 = Refutation(
    id="R01",
    statement="the Hessian at a minimum decides how well it generalises (here of w"
    " alone: f = w·x, y = 1 at x = (1, 0), where every w = (1, t) is a minimum)",
    learnt="at a minimum the Hessian says how fast the training loss grows, not what"
    " f does off the data: Cx tells these minima apart",
    cases=(
        Case(
            claim=_false(
                r"$H_{ww}$ the same $\Rightarrow$ the same test loss",
                law(_test_loss_sides, "=="),
                "interpolation",
            ),
            example=_PLANE,
            shown=(
                ("change of H_ww from t = 10 to t = 0", _change_of_hessian, 0.0),
                ("test loss at t = 10", lambda q, drawn: _test_loss(q), 50.0),
                (
                    "test loss at t = 0",
                    lambda q, drawn: _test_loss(_elsewhere(q)),
                    0.0,
                ),
                ("Cx at t = 10", lambda q, drawn: q.Cx, 101.0),
                ("Cx at t = 0", lambda q, drawn: _elsewhere(q).Cx, 1.0),
            ),
        ),
    ),
    source="derived here: only Cx = 1 + t² tells the minima apart",
)

R05 = Refutation(
    id="R05",
    statement="a small mean of ‖∇ₓf‖² over the training data makes f smooth",
    learnt="a mean over the data sees f only where the data lie; the Hessian sees"
    " the weights of every kink",
    cases=(
        Case(
            claim=_false(
                r"$\int_0^1 f'(x)^2\,dx \le 1000\,(1+\mathrm{Cx})$",
                law(_slope_sides, "<="),
                "interpolation",
            ),
            example=_BUMP,
            shown=(
                ("Cx over the data", lambda q, drawn: q.Cx, 0.0),
                (
                    "E f'² on [0, 1]",
                    lambda q, drawn: _mean_slope(q),
                    2000.0,
                ),
                (
                    "λ_1(H), which does see it",
                    lambda q, drawn: q.eigenvalues("H")[..., 0],
                    6.0e4,
                ),
            ),
        ),
    ),
    source="derived here; theorem T25 holds with the average over the population",
)


R08 = Refutation(
    id="R08",
    statement="λ_1(H) ≤ 2/η suffices for the stability of stochastic gradient descent",
    learnt="stochastic gradients have a threshold of their own, below that of"
    " gradient descent (T14 b)",
    cases=(
        Case(
            claim=_false(
                r"$\lambda_1(H) \le 2/\eta \Rightarrow$ the second moment of stochastic"
                r" gradient descent does not grow",
                law_of(SINGLE.world, stable_rate_sides, "<="),
            ),
            example=SINGLE,
            shown=(
                ("λ_1(H)", lambda q, drawn: q.eigenvalues(q.H)[0], 1.0),
                ("2/η", lambda q, drawn: 2 / q.eta, 4 / 3),
                ("E θ² is multiplied by", lambda q, drawn: moment_rate(q), 2.5),
            ),
        ),
    ),
    source="theorem T14(d): H_1 = 2, H_2 = 0, B = 1",
)

LEARNING_FOLKLORE: Final = (R01, R05, R08)
