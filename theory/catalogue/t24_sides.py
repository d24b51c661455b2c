"""Both sides of T24's claims, and of their false variants."""

from typing import Any

__all__ = [
    "average_sides",
    "binomial_sides",
    "bound_sides",
    "change_of_measure_sides",
    "curvature_sides",
    "divergence_sides",
    "exceedance_sides",
    "identity_sides",
    "jensen_sides",
    "maurer_sides",
    "optimal_sides",
    "pinsker_sides",
    "quadratic_sides",
]

LEAST = 8
"""Samples from which 2√n bounds the sum."""


def _products(q: Any) -> list[Any]:
    """βτ²λ_i."""
    return [value * (q.beta * q.tau2) for value in q.eigenvalues]


def _norm_term(q: Any, *, two: int = 2) -> Any:
    """‖θ - θ_0‖²/(2τ²)."""
    return q.shift_square / (two * q.tau2)


def _log_sum(q: Any, *, halves: int = 1) -> Any:
    """½ Σ log(1 + βτ²λ_i); a mutant has the sum whole."""
    return sum(q.log(1 + one) for one in _products(q)) * halves / 2


# Gaussians


def divergence_sides(q: Any, *, two: int = 2, trace: bool = True) -> tuple[Any, Any]:
    """KL(Q‖P) by traces and determinants, and by the eigenvalues of M.

    Mutants lack the term of the trace, or have 1 for 2 under the norm.
    """
    closed = _log_sum(q) + _norm_term(q, two=two)
    if trace:
        closed = closed - sum(one / (1 + one) for one in _products(q)) / 2
    return q.divergence(q.covariance), closed


def quadratic_sides(q: Any, *, prior: bool = False) -> tuple[Any, Any]:
    """E_Q ½δᵀMδ by the matrix, and ½ Σ τ²λ_i/(1 + βτ²λ_i); a mutant has ½ Σ τ²λ_i."""
    lower = [1 + (0 if prior else 1) * one for one in _products(q)]
    pairs = zip(q.eigenvalues, lower, strict=True)
    closed = sum(value * q.tau2 / below for value, below in pairs) / 2
    return q.expected_quadratic(q.covariance), closed


def identity_sides(q: Any, *, halves: int = 1, norm: bool = True) -> tuple[Any, Any]:
    """βE_Q ½δᵀMδ + KL, and ½ Σ log(1 + βτ²λ_i) + ‖θ - θ_0‖²/(2τ²)."""
    own = q.divergence(q.covariance) + q.expected_quadratic(q.covariance) * q.beta
    closed = _log_sum(q, halves=halves)
    return own, closed + _norm_term(q) if norm else closed


def optimal_sides(q: Any, *, halves: int = 2) -> tuple[Any, Any]:
    """The same closed form, and βE ½δᵀMδ + KL at another Gaussian; a mutant has ½β."""
    own = q.divergence(q.other)
    moved = q.expected_quadratic(q.other) * q.beta * halves / 2
    return _log_sum(q) + _norm_term(q), own + moved


def curvature_sides(q: Any, *, six: int | None = 6) -> tuple[Any, Any]:
    """E ½(1 + cos ωδ), and 1 - ¼ω²τ² + (½ω³/6)E|δ|³; mutants have 12, or no term."""
    bound = 1 - q.omega**2 * q.tau2 / 4
    if six is not None:
        bound = bound + q.third_moment * q.omega**3 / (2 * six)
    return q.cosine_mean, bound


# The bound


def binomial_sides(q: Any, *, quarters: int = 8) -> tuple[Any, Any, bool]:
    """Σ_k C(n, k)(k/n)^k(1 - k/n)^(n - k) and 2√n; a mutant has 5/4 for 2."""
    return q.binomial_sum, q.root(q.n) * quarters / 4, q.n >= LEAST


def maurer_sides(q: Any, *, less: int = 0) -> tuple[Any, Any, bool]:
    """E exp(n kl(L̂‖L)) where the losses of a hypothesis are 0 and 1, and that sum.

    With `less` the exponent has n - 1.
    """
    binary = [set(row) == {0, 1} for row in q.thing.losses]
    if not binary[0]:
        return 0, 0, False
    return q.binary_average(less), q.binomial_sum, True


def average_sides(q: Any, *, quarters: int = 8) -> tuple[Any, Any, bool]:
    """E_S E_P exp(n kl(L̂‖L)) over all samples, and 2√n; a mutant has 5/4 for 2."""
    total = sum(chance * value for chance, value in q.every_average)
    return total, q.root(q.n) * quarters / 4, q.n >= LEAST


def exceedance_sides(q: Any, *, divided: bool = True) -> tuple[Any, Any, bool]:
    """P(E_P exp(n kl(L̂‖L)) > 2√n/δ) and δ; a mutant has 2√n δ."""
    limit = q.root(q.n) * 2 * (1 / q.delta if divided else q.delta)
    chances = [chance for chance, value in q.every_average if value > limit]
    return sum(chances, 0 * q.delta), q.delta, q.n >= LEAST


def _exponents(q: Any) -> list[Any]:
    """n kl(L̂(h)‖L(h))."""
    return [value * q.n for value in q.divergences(q.sample_risks)]


def change_of_measure_sides(q: Any, *, kept: bool = True) -> tuple[Any, Any]:
    """E_Q φ and KL(Q‖P) + log E_P exp φ, φ = n kl(L̂‖L); a mutant lacks KL."""
    right = q.log(q.mean(q.prior, [q.exp(one) for one in _exponents(q)]))
    own = q.weight_divergence if kept else 0
    return q.mean(q.posterior, _exponents(q)), right + own


def jensen_sides(q: Any, *, swapped: bool = False) -> tuple[Any, Any]:
    """kl(L̂(Q)‖L(Q)) and E_Q kl(L̂‖L), or the other way round."""
    seen, risk = q.mean(q.posterior, q.sample_risks), q.mean(q.posterior, q.risks)
    own = q.binary_divergence(seen, risk)
    average = q.mean(q.posterior, q.divergences(q.sample_risks))
    return (average, own) if swapped else (own, average)


def pinsker_sides(q: Any, *, halves: int = 4) -> tuple[Any, Any]:
    """2(L̂ - L)² and kl(L̂‖L) for every hypothesis; a mutant has 5/2 for 2."""
    pairs = zip(q.sample_risks, q.risks, strict=True)
    squares = tuple((one - other) ** 2 * halves / 2 for one, other in pairs)
    return squares, tuple(q.divergences(q.sample_risks))


def bound_sides(q: Any, *, kept: bool = True, two: int = 2) -> tuple[Any, Any, bool]:
    """L(Q) and L̂(Q) + ((KL(Q‖P) + log(2√n/δ))/(2n))^½, where the average is small.

    Mutants lack KL, or have 4n for 2n.
    """
    limit = q.root(q.n) * 2 / q.delta
    inside = q.log(limit) + (q.weight_divergence if kept else 0)
    seen, risk = q.mean(q.posterior, q.sample_risks), q.mean(q.posterior, q.risks)
    return risk, seen + (inside / (two * q.n)).sqrt(), bool(q.average <= limit)
