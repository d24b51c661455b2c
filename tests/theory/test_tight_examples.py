"""Closed forms of T13, T14, T24 and T25 for symbolic parameters, held against SymPy."""

import sympy as sp

a, s, w = sp.symbols("a s w", positive=True)
beta, lam, tau, shift = sp.symbols("beta lambda tau shift", positive=True)
p, q, x = sp.symbols("p q x", positive=True)
r = sp.Symbol("r", real=True)


def gradients(slope: sp.Expr) -> sp.Matrix:
    """∇f at x = ±s of f = a relu(wx + b) + a relu(-wx + e) + c, b = e = 0, w = `slope`."""
    names = sp.symbols("w1 b1 a1 w2 b2 a2 c")
    w1, b1, a1, w2, b2, a2, c = names
    # the first unit alone is active at s, the second alone at -s
    outputs = (a1 * (w1 * s + b1) + c, a2 * (-w2 * s + b2) + c)
    at = {w1: slope, b1: 0, a1: a, w2: -slope, b2: 0, a2: a, c: 0}
    return sp.Matrix([[sp.diff(f, one).subs(at) for one in names] for f in outputs])


def bound(slope: sp.Expr) -> sp.Expr:
    """1 + 2∫|f''| g: f'' = 2aw at 0, P = ½, E|X| = s, E X = ±s."""
    g = sp.Rational(1, 4) * s * sp.sqrt(1 + s**2)
    return 1 + 2 * (2 * a * slope) * g


def test_the_roof_attains_the_stability_bound_for_every_height() -> None:
    tight = a * sp.sqrt(1 + s**2) / s
    J = gradients(tight)
    G = sp.simplify(J.T * J / 2)
    v = J.T * sp.ones(2, 1) / 2
    assert sp.simplify(G * v - bound(tight) * v) == sp.zeros(7, 1)
    values = (J * J.T / 2).eigenvals()
    assert sum(values.values()) == 2
    for value in values:
        gap = sp.simplify(bound(tight) - value)
        assert gap == 0 or gap.is_positive or sp.simplify(gap).is_nonnegative


def test_no_other_slope_attains_it() -> None:
    J = gradients(w)
    top = (J * J.T / 2)[0, 0] + (J * J.T / 2)[0, 1]
    gap = sp.factor(sp.expand(top - bound(w)))
    halves = (a * sp.sqrt(1 + s**2) - s * w) ** 2 / 2
    assert sp.simplify(gap - halves) == 0


def test_the_divergence_of_gaussians_is_its_integral() -> None:
    variance = 1 / (beta * lam + 1 / tau**2)

    def log_density(mean: sp.Expr, var: sp.Expr) -> sp.Expr:
        return -((x - mean) ** 2) / (2 * var) - sp.log(2 * sp.pi * var) / 2

    difference = sp.expand(log_density(shift, variance) - log_density(0, tau**2))
    # E (x - shift)^k of the posterior: 0, its variance
    moved = sp.Poly(sp.expand(difference.subs(x, x + shift)), x)
    moments = {0: 1, 1: 0, 2: variance}
    integral = sum(c * moments[k] for (k,), c in moved.terms())
    y = beta * tau**2 * lam
    closed = (sp.log(1 + y) - y / (1 + y)) / 2 + shift**2 / (2 * tau**2)
    gap = sp.expand_log(sp.together(integral - closed), force=True)
    assert sp.simplify(sp.expand_log(sp.simplify(gap), force=True)) == 0
    quadratic = lam * variance / 2
    identity = beta * quadratic + closed - sp.log(1 + y) / 2 - shift**2 / (2 * tau**2)
    assert sp.simplify(identity) == 0


def test_each_slope_kernel_is_the_derivative_of_its_kernel() -> None:
    """Price: dE σ(u)σ(v)/dr = E σ'(u)σ'(v)."""
    turn = sp.acos(r / sp.sqrt(p * q))
    relu = (sp.sqrt(p * q - r**2) + (sp.pi - turn) * r) / (2 * sp.pi)
    whole = (1 + 2 * p) * (1 + 2 * q)
    erf = 2 / sp.pi * sp.asin(2 * r / sp.sqrt(whole))
    pairs = (
        (relu, (sp.pi - turn) / (2 * sp.pi)),
        (erf, 4 / (sp.pi * sp.sqrt(whole - 4 * r**2))),
        (p * q + 2 * r**2, 4 * r),
    )
    at = {p: sp.Rational(3, 2), q: sp.Rational(5, 7)}
    for value, slope in pairs:
        gap = sp.diff(value, r) - slope
        for place in (sp.Rational(-1, 3), sp.Integer(0), sp.Rational(4, 5)):
            assert abs(sp.N(gap.subs({**at, r: place}), 50)) < sp.Float("1e-45")


def test_the_second_moment_of_one_parameter_is_as_the_threshold_says() -> None:
    """Single samples on a line: E θ² grows by the mean of (1 - ηh_i)²."""
    eta = sp.Symbol("eta", positive=True)
    heights = sp.symbols("h1:5", positive=True)
    n = len(heights)
    rate = sum((1 - eta * h) ** 2 for h in heights) / n
    mean, square = sum(heights) / n, sum(h**2 for h in heights) / n
    # C = H and D = (1/n) Σ h_i² for B = 1, so that η* = 2H/D
    assert sp.expand(rate - (1 - 2 * eta * mean + eta**2 * square)) == 0
    assert sp.simplify(rate.subs(eta, 2 * mean / square) - 1) == 0
