"""numerics/balls/points.py: held against the floats they come from, entry by entry."""

import inspect
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, fmpq
from support.rational_nets import net, rows

from landtheory.numerics.balls.arrays import BallArray
from landtheory.numerics.balls.deeper import BallDeeper
from landtheory.numerics.balls.drawing import BallDrawn
from landtheory.numerics.balls.network import Network
from landtheory.numerics.balls.points import exact_instance, point_of
from landtheory.numerics.balls.quantities import BallQuantities
from landtheory.numerics.deeper import Deeper
from landtheory.numerics.drawn import Drawn, draw
from landtheory.numerics.instances import Instances
from landtheory.numerics.quantities import Quantities
from landtheory.theory.activations import get_activation
from landtheory.theory.losses import get_loss

LABELS = {
    "logistic": (1, np.array([[[1.0], [0.0]]]), (1, 0)),
    "softmax": (3, np.eye(3)[[2, 0]][None], (2, 0)),
}


def instances(loss: str, C: int, **changes: object) -> Instances:
    rng = np.random.default_rng(2)
    p = 3 * (4 + 1 + C) + C
    return Instances(
        activation=get_activation("tanh"),
        loss=get_loss(loss),
        x=rng.standard_normal((1, 2, 4)),
        theta=rng.standard_normal((1, p)),
        width=3,
        outputs=C,
        **changes,  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("loss", LABELS)
def test_labels_are_read_from_their_indicators(loss: str) -> None:
    C, t, labels = LABELS[loss]
    exact = exact_instance(instances(loss, C, t=t))
    assert exact.labels == labels
    assert (exact.targets, exact.residual) == (None, None)
    assert [[float(v) for v in row] for row in point_of(exact).targets] == t[0].tolist()  # type: ignore[union-attr]


def test_parameters_stand_where_they_stood() -> None:
    given = instances("squared", 2, t=np.ones((1, 2, 2)))
    exact, q = exact_instance(given), Quantities(given)
    assert (exact.n, exact.d, exact.m, exact.C, exact.p) == (2, 4, 3, 2, 23)
    for name in ("x", "W", "b", "A", "theta"):
        found = getattr(Network(point_of(exact)), name).value
        assert (found == getattr(q, name).value).all()
    assert exact.c == tuple(map(Fraction, given.theta[0, -2:]))
    assert exact.targets == rows((1, 1), (1, 1))


def test_a_given_residual_is_kept_and_its_error_dropped() -> None:
    r = np.array([[[0.5, -1.0], [0.1, 2.0]]])
    exact = exact_instance(instances("squared", 2, residual=r, residual_error=r * 0.1))
    assert exact.targets is None
    assert exact.residual == tuple(tuple(map(Fraction, row)) for row in r[0])


def test_another_output_hessian_is_kept() -> None:
    S = np.array([[np.diag([2.0, 3.0]), np.ones((2, 2))]])
    exact = exact_instance(
        instances("squared", 2, t=np.ones((1, 2, 2)), output_hessian=S)
    )
    network = Network(point_of(exact))
    assert (network.S.value == S).all()
    assert (
        abs(
            network.G.value
            - Quantities(
                instances("squared", 2, t=np.ones((1, 2, 2)), output_hessian=S)
            ).G.value
        )
        < 1e-12
    ).all()


def test_theta_taken_apart_and_put_together_is_the_same() -> None:
    point = point_of(net("tanh", "softmax", C=3))
    moved = point.at(point.theta)
    for name in ("W", "b", "A", "c"):
        assert (getattr(moved, name) == getattr(point, name)).all()


def test_a_rescaled_network_is_the_same_function_exactly() -> None:
    q = BallQuantities(point_of(net("abs", "squared")))
    alpha = np.array([[3.0, 0.2]])
    moved = q.rescaled_otherwise(alpha)
    assert (moved.f.items == q.f.items).all()
    assert (moved.theta.items != q.theta.items).sum() > 8
    assert (q.rescaled_otherwise(alpha)) is moved
    smooth = BallQuantities(point_of(net("quadratic", "squared")))
    assert not (smooth.rescaled_otherwise(alpha).f.items == smooth.f.items).all()


def test_a_permuted_network_has_a_permuted_hessian_exactly() -> None:
    q = BallQuantities(point_of(net("quadratic", "squared")))
    swap = np.array([[1, 0]])
    assert (q.permuted(swap).H.items == q.permuted_matrix("H", swap).items).all()
    assert not (q.permuted(swap).H.items == q.H.items).all()


def test_derivatives_along_a_direction_are_those_of_the_matrices() -> None:
    v = np.arange(12.0)[None] - 5
    q = BallQuantities(point_of(net("quadratic", "squared")))
    direction = q.exactly(v)
    assert (
        q.output_along(v).items.ravel() == (q.J @ direction[..., None]).items.ravel()
    ).all()
    assert (
        q.gradient_along(v).items == (q.H @ direction[..., None])[..., 0].items
    ).all()
    along = (q.functional_hessians @ direction[:, None, None, :, None])[..., 0]
    assert (q.functional_gradient_along(v).items == along.items).all()
    soft = BallQuantities(point_of(net("silu", "softmax", C=2)))
    pairs = zip(
        soft.gradient_along(v).items.flat,
        (soft.H @ direction[..., None]).items.flat,
        strict=True,
    )
    assert all(arb(a).overlaps(arb(b)) for a, b in pairs)


def test_whatever_laws_ask_of_the_floats_they_may_ask_of_the_balls() -> None:
    def public(kind: type) -> set[str]:
        return {
            name for name, _ in inspect.getmembers(kind) if not name.startswith("_")
        }

    assert public(Quantities) - public(BallQuantities) <= {"permuted_indices"}
    assert public(Deeper) <= public(BallDeeper)
    assert {*Drawn.__dataclass_fields__, *public(Drawn)} - {"take"} <= {
        *public(BallDrawn),
        *vars(BallDrawn(draw(instances("squared", 2), np.random.default_rng(0)))),
    }


class Open(BallQuantities):
    """A Hessian with an eigenvalue of no certain sign."""

    most = 3

    @property
    def H(self) -> BallArray:  # type: ignore[override]
        rows = np.full((3, 3), fmpq(0), dtype=object)
        rows[0, 0], rows[1, 1], rows[2, 2] = fmpq(2), arb(0, 1e-20), fmpq(-1)
        return BallArray(rows[None])

    @property
    def hessian_rank(self) -> int:  # type: ignore[override]
        return self.most


def test_an_inertia_is_certain_only_where_the_rank_leaves_no_choice() -> None:
    at = Open(point_of(net("tanh", "squared")))
    low, high = at.inertia.lower[0], at.inertia.upper[0]
    assert (low <= [1, 1, 2]).all()
    assert (high >= [2, 2, 3]).all()
    at = Open(point_of(net("tanh", "squared")))
    at.most = 2
    assert at.inertia.items.tolist() == [[1, 1, 2]]
