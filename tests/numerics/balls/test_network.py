"""numerics/balls/network.py: held against differences of f and of the loss, to 50 digits."""

from collections.abc import Callable
from typing import Any

import mpmath as mp
import numpy as np
import pytest
from flint import arb
from support.rational_nets import DIGITS, Reference, decimal, net, reference, rows

from landtheory.numerics.balls.arrays import BallArray
from landtheory.numerics.balls.network import Network
from landtheory.numerics.balls.numbers import precision
from landtheory.numerics.balls.points import identity, point_of
from landtheory.numerics.exact_instances import ExactInstance

CASES = [
    ("quadratic", "squared", 2),
    ("leaky_relu", "squared", 2),
    ("relu", "softmax", 3),
    ("tanh", "squared", 1),
    ("sigmoid", "logistic", 1),
    ("softplus", "softmax", 2),
]
BITS = 200

REFERENCES: dict[str, Callable[[Reference], Any]] = {
    "L": lambda ref: ref.L,
    "grad": lambda ref: ref.grad,
    "J": lambda ref: ref.J,
    "r": lambda ref: ref.r,
    "H": lambda ref: ref.H,
    "G": lambda ref: ref.G,
    "F": lambda ref: ref.H - ref.G,
    "K": lambda ref: ref.J @ ref.J.T,
    "EF": lambda ref: ref.EF,
    "Cx": lambda ref: ref.Cx,
    "CxS": lambda ref: ref.CxS,
}


def wanted(name: str, instance: ExactInstance) -> Any:
    """A quantity of the reference."""
    with mp.workdps(DIGITS):
        return REFERENCES[name](reference(instance))


def agrees(candidate: BallArray, expected: Any) -> bool:
    """Whether every ball contains the exact entry, and is small."""
    values = list(np.asarray(expected, dtype=object).flat)
    entries = list(candidate.items.flat)
    with precision(BITS):
        return len(entries) == len(values) and all(
            arb(entry).overlaps(decimal(value)) and arb(entry).rad() < 1e-40
            for entry, value in zip(entries, values, strict=True)
        )


def network(instance: ExactInstance) -> Network:
    return Network(point_of(instance))


@pytest.mark.parametrize(("activation", "loss", "C"), CASES)
@pytest.mark.parametrize("name", REFERENCES)
def test_a_quantity_is_what_differentiation_says(
    activation: str, loss: str, C: int, name: str
) -> None:
    instance = net(activation, loss, C=C)
    expected = wanted(name, instance)
    with precision(BITS):
        assert agrees(getattr(network(instance), name), expected)


class WithoutOffDiagonal(Network):
    """S without its off-diagonal part."""

    @property
    def S(self) -> BallArray:
        return BallArray(super().S.items * identity(self.C))


class WithoutMean(Network):
    """Sums in place of means."""

    @property
    def G(self) -> BallArray:  # type: ignore[override]
        return super().G * float(self.n)

    @property
    def F(self) -> BallArray:  # type: ignore[override]
        return super().F * float(self.n)


class WithoutCurvature(Network):
    """F without σ''."""

    @property
    def _bent(self) -> BallArray:  # type: ignore[override]
        return super()._bent * 0.0


class WithTurnedResidual(Network):
    """y - f for f - y."""

    @property
    def r(self) -> BallArray:
        return -super().r


@pytest.mark.parametrize(
    ("mutant", "case", "name"),
    [
        (WithoutOffDiagonal, ("softplus", "softmax", 2), "G"),
        (WithoutOffDiagonal, ("softplus", "softmax", 2), "CxS"),
        (WithoutMean, ("quadratic", "squared", 2), "H"),
        (WithoutCurvature, ("tanh", "squared", 1), "F"),
        (WithTurnedResidual, ("tanh", "squared", 1), "grad"),
        (WithTurnedResidual, ("relu", "softmax", 3), "F"),
    ],
)
def test_a_wrong_formula_is_noticed(
    mutant: type[Network], case: tuple[str, str, int], name: str
) -> None:
    instance = net(case[0], case[1], C=case[2])
    expected = wanted(name, instance)
    with precision(BITS):
        assert not agrees(getattr(mutant(point_of(instance)), name), expected)


def test_a_ball_without_its_radius_is_noticed() -> None:
    instance = net("tanh", "squared", C=1)
    with precision(53):
        whole = network(instance).H
        bare = BallArray([[arb(entry).mid() for entry in whole.items.flat]])
        exact = [decimal(value) for value in reference(instance).H.flat]
    with precision(BITS):
        pairs = list(zip(whole.items.flat, bare.items.flat, exact, strict=True))
        assert all(arb(entry).overlaps(value) for entry, _, value in pairs)
        assert not all(entry.overlaps(value) for _, entry, value in pairs)


@pytest.mark.parametrize("activation", ["quadratic", "relu", "abs"])
def test_rational_networks_stay_rational(activation: str) -> None:
    at = network(net(activation, "squared"))
    for name in ("H", "K", "grad", "EF", "Cx", "hidden", "L"):
        assert not any(isinstance(entry, arb) for entry in getattr(at, name).items.flat)


def test_a_given_residual_is_exact_whatever_f_is() -> None:
    given = net("tanh", "squared", C=1, targets=None, residual=((1,), (0,), (-2,)))
    at = network(given)
    assert list(at.r.items.flat) == [1, 0, -2]
    assert at.L.items[0] * 6 == 5
    moved = Network(at.point.at(at.point.theta, residual=None, targets=at.t.items[0]))
    assert all(
        a.overlaps(arb(b)) for a, b in zip(moved.r.items.flat, (1, 0, -2), strict=True)
    )


def test_derivatives_on_a_kink_are_unknown() -> None:
    at = network(net("relu", "squared", b=(0, 0), x=((0, 0), (1, 1), (2, 1))))
    assert not at.s1.items[0, 0, 0].is_finite()
    assert not at.H.items[0, 0, 0].is_finite()
    assert at.L.items[0] > 0


def test_the_gradient_vanishes_exactly_where_residuals_of_equal_inputs_cancel() -> None:
    twice = net(
        *("tanh", "squared"),
        C=1,
        targets=None,
        x=((1, 2), (1, 2), (3, 4)),
        residual=((1,), (-1,), (0,)),
    )
    at = network(twice)
    assert all(entry == 0 for entry in at.grad.items.flat)
    # taken one by one, the balls of the terms only overlap
    apart = sum(
        (at.J.items[0, i] * at.r.items[0, i, 0] for i in range(3)), 0 * at.J.items[0, 0]
    )
    assert not all(entry == 0 for entry in apart)


def test_blocks_are_where_the_parameters_are() -> None:
    at = network(net("tanh", "squared", C=2))
    whole = at.H.items[0]
    assert at.block("H", "wa").shape == (1, 4, 4)
    assert at.block("H", "ba").items[0, 1, 3] is whole[5, 9]
    assert at.block("H", "tt").shape == (1, 6, 6)
    assert at.block("H", "cc").items[0, 1, 0] is whole[11, 10]


@pytest.mark.parametrize(
    ("activation", "loss", "C"), [("relu", "softmax", 3), ("tanh", "squared", 2)]
)
def test_ranks_are_no_greater_than_said(activation: str, loss: str, C: int) -> None:
    # the first two inputs are the same
    instance = net(activation, loss, C=C, x=((1, 2), (1, 2), (-3, 4)))
    at = network(instance)
    for name, most in (
        ("J", at.row_rank),
        ("G", at.curved_rank),
        ("H", at.hessian_rank),
    ):
        matrix = np.array(
            [[float(arb(e).mid()) for e in row] for row in getattr(at, name).items[0]]
        )
        assert np.linalg.matrix_rank(matrix, tol=1e-9) <= most
    assert at.curved_rank == 2 * (C - (loss == "softmax"))


def test_the_rank_of_j_may_be_as_great_as_said_where_n_exceeds_the_units() -> None:
    instance = net(
        "tanh",
        "squared",
        targets=None,
        x=rows((1, 2, 0, 1, 3), (0, 1, -1, 2, 1), (2, 0, 1, -1, 1), (1, 1, 1, 2, -2)),
        W=rows(("1/2", "-1/3", "1/5", "1/4", "-1/7")),
        b=rows(("1/9",))[0],
        A=rows((1,), (-2,)),
        residual=rows(*[(1, 0)] * 4),
    )
    at = network(instance)
    assert at.row_rank == 2 * 2 + 1 * (4 - 2) < 4 * 2
    assert at.J.rank().items.tolist() == [6]
