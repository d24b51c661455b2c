"""numerics/worlds/gaussian_*.py, held against quadrature of σ itself."""

from collections.abc import Callable
from fractions import Fraction
from math import erf, exp, pi, sqrt

import numpy as np
import pytest
from flint import acb, arb, ctx, fmpq
from scipy.integrate import quad

from landtheory.numerics.worlds.gaussian_kernels import KERNELS, Kernel, Pair
from landtheory.numerics.worlds.gaussian_networks import GAUSSIAN_NETWORKS

VALUES: dict[str, Callable[[float], float]] = {
    "identity": lambda z: z,
    "relu": lambda z: max(z, 0.0),
    "leaky_relu": lambda z: max(z, z / 100),
    "abs": abs,
    "erf": erf,
    "quadratic": lambda z: z * z,
    "sin": np.sin,
}
SLOPES: dict[str, Callable[[float], float]] = {
    "identity": lambda z: 1.0,
    "relu": lambda z: float(z > 0),
    "leaky_relu": lambda z: 1.0 if z > 0 else 0.01,
    "abs": lambda z: 1.0 if z > 0 else -1.0,
    "erf": lambda z: 2 / sqrt(pi) * exp(-z * z),
    "quadratic": lambda z: 2 * z,
    "sin": np.cos,
}
SMOOTH = ("erf", "quadratic", "sin")
LAWS = [(1, 1, 0), (1, 1, 1), (1, 1, -1), (4, 1, 1), (2, 3, -2), (2, 3, 1)]


def pair(law: tuple[int, int, int], s: Fraction, t: Fraction) -> Pair:
    numbers = [fmpq(one) for one in law]
    shifts = [fmpq(one.numerator, one.denominator) for one in (s, t)]
    return Pair(p=numbers[0], q=numbers[1], r=numbers[2], s=shifts[0], t=shifts[1])


def mean_of_product(f: Callable[[float], float], law: Pair, order: int) -> float:
    """E f(u + s)f(v + t), where f grows like |z|^order along rays if it is kinked."""
    p, q, r = (float(one) for one in (law.p, law.q, law.r))
    s, t = float(law.s), float(law.t)
    turn = np.arccos(np.clip(r / sqrt(p * q), -1, 1))
    if order >= 0:
        # polar coordinates: f(cz) = c^order f(z), and E R^2k = 2^k k!
        radial = {0: 1.0, 1: 2.0}[order]
        kinks = sorted(
            {(a + b) % (2 * pi) for a in (pi / 2, -pi / 2) for b in (0, turn)}
        )
        value = quad(
            lambda a: f(sqrt(p) * np.cos(a)) * f(sqrt(q) * np.cos(a - turn)),
            0,
            2 * pi,
            points=kinks,
            limit=200,
        )[0]
        return radial * value / (2 * pi)
    nodes, weights = np.polynomial.hermite_e.hermegauss(120)
    weights = weights / weights.sum()
    rest = sqrt(max(q - r * r / p, 0.0))
    total = 0.0
    for x, w in zip(nodes, weights, strict=True):
        for y, h in zip(nodes, weights, strict=True):
            total += w * h * f(sqrt(p) * x + s) * f(r / sqrt(p) * x + rest * y + t)
    return total


def agrees(
    name: str,
    of: Callable[[Kernel, Pair], arb],
    f: Callable[[float], float],
    order: int,
) -> bool:
    kernel = KERNELS[name]
    shifts = [(Fraction(0), Fraction(0))]
    if kernel.shifts and order < 0:
        shifts.append((Fraction(1, 2), Fraction(-1)))
    for law in LAWS[:: 2 if order < 0 else 1]:
        for s, t in shifts:
            at = pair(law, s, t)
            if abs(float(of(kernel, at).mid()) - mean_of_product(f, at, order)) > 1e-7:
                return False
    return True


@pytest.mark.parametrize("name", list(KERNELS))
def test_kernels_are_those_of_quadrature(name: str) -> None:
    orders = (-1, -1) if name in SMOOTH else (1, 0)
    assert agrees(name, lambda k, at: k.value(at), VALUES[name], orders[0])
    assert agrees(name, lambda k, at: k.slope(at), SLOPES[name], orders[1])


def test_wrong_kernels_are_told() -> None:
    relu = VALUES["relu"]
    assert not agrees("relu", lambda k, at: k.value(at) * 2, relu, 1)
    assert not agrees("relu", lambda k, at: k.value(at) + at.r, relu, 1)
    assert not agrees("relu", lambda k, at: arb(1) / 2 - k.slope(at), SLOPES["relu"], 0)
    assert not agrees("erf", lambda k, at: k.slope(at), VALUES["erf"], -1)


@pytest.mark.parametrize("name", list(KERNELS))
def test_slopes_along_an_angle_end_at_those_of_the_pair(name: str) -> None:
    with ctx.workprec(128):
        for law in LAWS:
            at = pair(law, Fraction(0), Fraction(0))
            end = KERNELS[name].slope_at(at, acb.pi() / 2, analytic=False)
            assert end.real.overlaps(KERNELS[name].slope(at))


def network(name: str, **changes: object) -> dict[str, object]:
    own = {"W": ((1,), (-2,)), "b": (0, 0), "a": (3, 1)}
    return {"activation": name, "own": own, "inputs": ((1,), (-3,)), **changes}


@pytest.mark.parametrize("name", list(KERNELS))
def test_averages_of_a_network_are_those_of_its_function(name: str) -> None:
    values = network(name, variance=Fraction(9, 4))
    q = GAUSSIAN_NETWORKS.quantities(GAUSSIAN_NETWORKS.from_example(values))
    sigma, slope = VALUES[name], SLOPES[name]

    def f(x: float) -> float:
        return 3 * sigma(x) + sigma(-2 * x)

    def df(x: float) -> float:
        return 3 * slope(x) - 2 * slope(-2 * x)

    def mean(of: Callable[[float], float]) -> float:
        def density(x: float) -> float:
            return of(x) * exp(-x * x / 4.5) / sqrt(4.5 * pi)

        return sum(quad(density, a, b, limit=200)[0] for a, b in ((-15, 0), (0, 15)))

    variance = mean(lambda x: f(x) ** 2) - mean(f) ** 2
    assert float(q.variance.mid()) == pytest.approx(variance, abs=1e-7, rel=1e-7)
    energy = mean(lambda x: df(x) ** 2)
    assert float(q.energy.mid()) == pytest.approx(energy, abs=1e-7, rel=1e-7)
    squared = mean(df) ** 2
    assert float(q.mean_slope_squared.mid()) == pytest.approx(squared, abs=1e-7)
    train = (df(1.0) ** 2 + df(-3.0) ** 2) / 2
    assert float(q.training_slopes.mid()) == pytest.approx(train, abs=1e-12)
    assert float(q.difference.variance.mid()) == pytest.approx(0.0, abs=1e-12)
    assert float(q.weight_norm_squared.mid()) == 5.0


@pytest.mark.parametrize(
    "change",
    [
        {"activation": "tanh"},
        {"variance": 0},
        {"inputs": ((1, 1),)},
        {"own": {"W": ((1,),), "b": (1,), "a": (1,)}},
        {"own": {"W": ((0,),), "b": (0,), "a": (1,)}},
        {"own": {"W": ((1,),), "b": (0,), "a": ()}},
        {"own": {"W": ((1,), (1,)), "b": (0,), "a": (1,)}},
    ],
)
def test_what_is_no_gaussian_network_is_refused(change: dict[str, object]) -> None:
    GAUSSIAN_NETWORKS.from_example(network("relu"))
    with pytest.raises(
        ValueError,
        match=r"^Gaussian network has activation .*; expected an activation among"
        r" identity, relu, leaky_relu, abs, erf, quadratic, sin, variance > 0, and W"
        r" \(m, d\), b \(m\), a \(m\) of own and target for inputs \(n, d\), where kinked"
        r" activations and erf have no b, and kinked ones no row of zeros in W$",
    ):
        GAUSSIAN_NETWORKS.from_example(network("relu", **change))
