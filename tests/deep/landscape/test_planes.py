"""landscape/planes.py, against quadratics, which six places of a plane determine."""

import re
from dataclasses import replace

import pytest
import torch
from support.landscape import free_point, half_square, relu_net, seeded
from torch import Tensor

from landtheory.deep.landscape.planes import Plane, plane_through
from landtheory.deep.landscape.point import Point
from landtheory.deep.landscape.rescaling import rescaled
from landtheory.errors import InputError

WEIGHTS = torch.tensor([3.0, 1.0, 0.2, 0.5]).double()
CORNERS = ([0.2, 1.0, 0.0, -1.0], [1.5, 0.0, 0.3, 0.4], [-0.3, 0.2, 1.0, 2.0])


def quadratic(t: Tensor) -> Tensor:
    return (WEIGHTS * (t - 0.1) ** 2).sum()


def plane(**options: object) -> Plane:
    a, b, c = (free_point(quadratic, theta) for theta in CORNERS)
    return plane_through(a, b, c, **{"size": 5, "normalised": False, **options})  # type: ignore[arg-type]


def agrees(found: Plane) -> bool:
    """A quadratic in x and y is fitted to the grid, and asked at the corners."""
    y, x = torch.meshgrid(found.y, found.x, indexing="ij")

    def terms(x: Tensor, y: Tensor) -> Tensor:
        return torch.stack([x**0, x, y, x * x, x * y, y * y], dim=-1)

    grid = terms(x.reshape(-1), y.reshape(-1))
    fit = torch.linalg.lstsq(grid, found.losses.reshape(-1, 1)).solution
    at = (terms(found.corners[:, 0], found.corners[:, 1]) @ fit).reshape(-1)
    exact = torch.tensor(found.corner_losses, dtype=torch.float64)
    return float((at - exact).abs().max()) < 1e-10


@pytest.mark.parametrize("normalised", [False, True])
def test_the_corners_lie_where_they_are_said_to(*, normalised: bool) -> None:
    found = plane(normalised=normalised)
    assert agrees(found)
    assert found.losses.shape == (5, 5)
    assert found.corners[0].tolist() == [0.0, 0.0]
    assert found.corners[1, 1] == 0.0
    assert float(found.corners[2, 1]) > 0


def test_transposed_losses_and_other_units_are_rejected() -> None:
    found = plane()
    for wrong in (found.losses.T, found.losses.flip(0), 2 * found.losses):
        assert not agrees(replace(found, losses=wrong))


def test_plain_lengths_are_distances_between_weights() -> None:
    found = plane()
    a, b, c = (torch.tensor(theta, dtype=torch.float64) for theta in CORNERS)
    lengths = [float((p - q).norm()) for p, q in ((a, b), (a, c), (b, c))]
    k = found.corners
    seen = [
        float((p - q).norm()) for p, q in ((k[0], k[1]), (k[0], k[2]), (k[1], k[2]))
    ]
    assert seen == pytest.approx(lengths, rel=1e-12)
    # the picture shows all three with room around
    for axis, values in ((0, found.x), (1, found.y)):
        assert float(values.min()) < float(k[:, axis].min())
        assert float(values.max()) > float(k[:, axis].max())


def test_normalised_lengths_are_relative_to_all_three_networks() -> None:
    X = torch.randn(9, 3, generator=seeded(1)).double()
    Y = torch.randn(9, 1, generator=seeded(2)).double()
    nets = [relu_net(3, 4, 1, seed=s, scale=1.0 + s) for s in range(3)]
    points = [Point(net, half_square, (X, Y), "mean") for net in nets]
    found = plane_through(*points, size=2)
    square = 0.0
    for a, b, c in zip(*(net.parameters() for net in nets), strict=True):
        norms = [
            w.detach().norm(dim=1, keepdim=True) if w.ndim > 1 else w.detach().abs()
            for w in (a, b, c)
        ]
        scale = sum(norm**2 for norm in norms) / 3
        square += ((b - a).detach() ** 2 / scale).sum().item()
    assert float(found.corners[1, 0]) == pytest.approx(square**0.5, rel=1e-12)


def test_rescaling_layers_of_all_three_changes_nothing() -> None:
    X = torch.randn(9, 3, generator=seeded(1)).double()
    Y = torch.randn(9, 1, generator=seeded(2)).double()

    def through(scale: float, *, normalised: bool) -> Plane:
        points = [
            Point(
                rescaled(relu_net(3, 4, 1, seed=seed), [scale]),
                half_square,
                (X, Y),
                "mean",
            )
            for seed in range(3)
        ]
        return plane_through(*points, size=3, normalised=normalised)

    one, other = through(1.0, normalised=True), through(10.0, normalised=True)
    assert torch.allclose(one.losses, other.losses, rtol=1e-9, atol=0)
    assert torch.allclose(one.corners, other.corners, rtol=1e-9, atol=1e-12)
    plain = through(10.0, normalised=False)
    assert not torch.allclose(
        through(1.0, normalised=False).corners, plain.corners, rtol=0.1, atol=0
    )


def refusal(*corners: list[float], size: int = 5) -> str:
    points = [free_point(quadratic, theta) for theta in corners]
    with pytest.raises(InputError) as caught:
        plane_through(*points, size=size)  # type: ignore[arg-type]
    return str(caught.value)


def test_refusals() -> None:
    a, b, c = CORNERS
    same = (
        "two of a, b and c have the same weights; expected three networks that span a "
        "plane"
    )
    assert refusal(a, a, c) == same
    assert refusal(a, b, a) == same
    assert refusal(a, b, b) == (
        "a, b and c lie on one line; expected three networks that span a plane: use the "
        "line alone"
    )
    assert re.fullmatch("size is 1; expected an integer >= 2", refusal(a, b, c, size=1))


def test_progress_counts_the_places() -> None:
    seen: list[tuple[int, int]] = []
    plane(progress=lambda done, of: seen.append((done, of)))
    assert seen == [(5 * i, 25) for i in range(1, 6)]
