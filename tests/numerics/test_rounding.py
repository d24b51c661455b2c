"""numerics/rounding.py: bounds on kernels held against 50-digit arithmetic."""

from fractions import Fraction

import mpmath
import numpy as np
import pytest

from landtheory.numerics.balls.activations import activation_number
from landtheory.numerics.balls.numbers import ball, precision, rational
from landtheory.numerics.forward import forward
from landtheory.numerics.hessian import hessian
from landtheory.numerics.rounding import error_model
from landtheory.theory import ACTIVATIONS, get_activation, get_loss

SIGMA = {
    "tanh": mpmath.tanh,
    "quadratic": lambda z: z**2,
    "softplus": lambda z: mpmath.log(1 + mpmath.exp(z)),
    "sin": mpmath.sin,
}


def precise_hessian(
    name: str, x: np.ndarray, theta: np.ndarray, t: np.ndarray, m: int
) -> mpmath.matrix:
    """∇²L for C = 1 and the squared loss, by T01, in 50 digits."""
    mpmath.mp.dps = 50
    n, d = x.shape
    p = len(theta)
    at = [mpmath.mpf(float(v)) for v in theta]
    H = mpmath.zeros(p, p)
    for i in range(n):
        row = [mpmath.mpf(float(v)) for v in x[i]]
        z = [
            sum(at[k * d + j] * row[j] for j in range(d)) + at[m * d + k]
            for k in range(m)
        ]
        s = [
            [mpmath.diff(SIGMA[name], v, q) if q else SIGMA[name](v) for v in z]
            for q in range(3)
        ]
        a = at[m * d + m : m * d + 2 * m]
        f = sum(a[k] * s[0][k] for k in range(m)) + at[-1]
        J = [a[k] * s[1][k] * row[j] for k in range(m) for j in range(d)]
        J += [a[k] * s[1][k] for k in range(m)] + s[0] + [mpmath.mpf(1)]
        r = f - mpmath.mpf(float(t[i, 0]))
        for u in range(p):
            for v in range(p):
                H[u, v] += J[u] * J[v] / n
        for k in range(m):
            own = [*range(k * d, (k + 1) * d), m * d + k]
            for u, left in zip(own, [*row, 1], strict=True):
                for v, right in zip(own, [*row, 1], strict=True):
                    H[u, v] += r * a[k] * s[2][k] * left * right / n
                H[u, m * d + m + k] += r * s[1][k] * left / n
                H[m * d + m + k, u] += r * s[1][k] * left / n
    return H


@pytest.mark.parametrize("name", list(SIGMA))
@pytest.mark.parametrize(
    ("scale", "inputs"),
    [(0.3, 1.0), (3.0, 1.0), (1e-160, 1.0), (1.0, 1e-170), (1e-105, 1e-110)],
)
def test_the_hessian_lies_within_its_bound(
    name: str, scale: float, inputs: float
) -> None:
    rng = np.random.default_rng(0)
    x, t = inputs * rng.standard_normal((3, 2)), rng.standard_normal((3, 1))
    theta = scale * rng.standard_normal(9)
    activation, loss = get_activation(name), get_loss("squared")
    fwd = forward(activation, loss, x, theta, t, width=2, outputs=1)
    bound = error_model(activation, loss, fwd).around(hessian(fwd), hessian)
    truth = precise_hessian(name, x, theta, t, 2)
    for u in range(9):
        for v in range(9):
            gap = abs(truth[u, v] - mpmath.mpf(float(bound.value[u, v])))
            assert gap <= bound.radius[u, v]
    assert bound.radius.max() <= 1e-11 * np.abs(bound.value).max()


def test_a_product_that_underflows_is_no_exact_number() -> None:
    activation, loss = get_activation("identity"), get_loss("squared")
    x, theta = np.array([[1e-200]]), np.array([1e-150, 0.0, 1.0, 0.0])
    fwd = forward(activation, loss, x, theta, np.zeros((1, 1)), width=1, outputs=1)
    model = error_model(activation, loss, fwd)
    assert fwd.z.tolist() == [[0.0]]
    assert model.array("s0").radius[0, 0] >= 1e-350
    bound = model.around(hessian(fwd), hessian)
    # H_ww = x² = 1e-400 is 0 in float64, H_bb = 1
    assert bound.value[0, 0] == 0.0
    assert bound.radius[0, 0] > 0
    assert bound.value[1, 1] == 1.0


def test_whole_numbers_are_exact() -> None:
    activation, loss = get_activation("quadratic"), get_loss("squared")
    x, theta = np.array([[2.0]]), np.array([1.0, -2.0, 3.0, 0.0])
    fwd = forward(activation, loss, x, theta, np.ones((1, 1)), width=1, outputs=1)
    model = error_model(activation, loss, fwd)
    assert model.array("s1").value.tolist() == [[0.0]]
    assert model.array("s1").radius.tolist() == [[0.0]]


def test_a_slope_that_no_float_is_has_a_radius() -> None:
    activation, loss = get_activation("leaky_relu"), get_loss("squared")
    x, theta = np.array([[1.0]]), np.array([-1.0, 0.0, 1.0, 0.0])
    fwd = forward(activation, loss, x, theta, np.zeros((1, 1)), width=1, outputs=1)
    slope = error_model(activation, loss, fwd).array("s1")
    value, radius = slope.value[0, 0], slope.radius[0, 0]
    assert 0 < abs(Fraction(value) - Fraction(1, 100)) <= Fraction(radius)
    assert radius <= 1e-17


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_the_bounds_contain_every_activation_and_its_derivatives(name: str) -> None:
    rng = np.random.default_rng(0)
    reach = 50.0 if name == "exp" else 700.0
    z = np.concatenate(
        [
            rng.uniform(-45, 45, 120),
            rng.uniform(-4, 4, 60),
            rng.uniform(-1, 1, 9) * reach,
        ]
    )
    z = z[z != 0]
    x, theta = z[:, None], np.array([1.0, 0.0, 1.0, 0.0])
    activation, loss = get_activation(name), get_loss("squared")
    fwd = forward(activation, loss, x, theta, 0 * x, width=1, outputs=1)
    model = error_model(activation, loss, fwd)
    for k in range(3):
        bound = model.array(f"s{k}")
        for value, radius, at in zip(
            bound.value[:, 0], bound.radius[:, 0], z, strict=True
        ):
            with precision(200):
                truth = ball(activation_number(activation, rational(float(at)), k))
                gap = abs(truth - ball(rational(float(value))))
                assert gap <= ball(rational(float(radius))), (k, at)
