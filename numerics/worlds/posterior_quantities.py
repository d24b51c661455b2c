"""Gaussian posteriors on a quadratic, and finite PAC-Bayes tasks, in balls.

The tasks are enumerated: a sample of n points of a finite law enters by its counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import comb, factorial, prod
from typing import Any

from flint import arb, fmpq, fmpq_mat

from .rationals import exact
from .spectra import eigenvalues

__all__ = ["Matrix", "Posterior", "PosteriorQuantities", "Vector", "as_matrix"]

Vector = tuple[Fraction, ...]
Matrix = tuple[Vector, ...]


@dataclass(frozen=True, kw_only=True)
class Posterior:
    """P = N(θ_0, τ²I), Q = N(θ, (βM + τ⁻²I)⁻¹), and a finite task beside.

    Attributes
    ----------
    matrix : (p, p)
        M, symmetric and positive semi-definite.
    shift : p numbers
        θ - θ_0.
    prior_variance, inverse_temperature : Fraction
        τ² > 0 and β > 0.
    other : (p, p)
        Σ', symmetric and positive definite: the covariance of another Gaussian at θ.
    frequency : Fraction
        ω > 0 of the loss ½(1 + cos ωt).
    size : int
        n >= 1.
    chances : S numbers
        A law on S points.
    losses : rows of S numbers from 0 to 1
        The loss of every hypothesis at every point.
    prior, posterior : a number for each row
        Laws on the hypotheses, positive; the posterior may have zeros.
    confidence : Fraction
        δ in (0, 1].
    counts : S whole numbers
        A sample: how often each point was drawn, n in all.
    """

    matrix: Matrix
    shift: Vector
    prior_variance: Fraction
    inverse_temperature: Fraction
    other: Matrix
    frequency: Fraction
    size: int
    chances: Vector
    losses: Matrix
    prior: Vector
    posterior: Vector
    confidence: Fraction
    counts: tuple[int, ...]


class PosteriorQuantities:
    """What claims name: Gaussians by exact matrices and by eigenvalues, and the task."""

    def __init__(self, thing: Posterior) -> None:
        self.thing = thing
        self.M, self.other = as_matrix(thing.matrix), as_matrix(thing.other)
        self.p = len(thing.shift)
        self.tau2 = exact(thing.prior_variance)
        self.beta = exact(thing.inverse_temperature)
        self.omega = exact(thing.frequency)
        self.n = thing.size
        self.delta = exact(thing.confidence)

    # Gaussians

    @cached_property
    def covariance(self) -> fmpq_mat:
        """Σ_Q = (βM + τ⁻²I)⁻¹."""
        return (self.M * self.beta + _identity(self.p) / self.tau2).inv()

    @property
    def shift_square(self) -> fmpq:
        """‖θ - θ_0‖²."""
        return sum((exact(one) ** 2 for one in self.thing.shift), fmpq(0))

    @cached_property
    def eigenvalues(self) -> tuple[arb, ...]:
        """λ_i of M."""
        return eigenvalues(self.M)

    def divergence(self, covariance: fmpq_mat) -> arb:
        """KL(N(θ, Σ) ‖ N(θ_0, τ²I)), by traces and determinants."""
        ratio = covariance / self.tau2
        inside = arb(_trace(ratio) - self.p) - arb(ratio.det()).log()
        return (inside + self.shift_square / self.tau2) / 2

    def expected_quadratic(self, covariance: fmpq_mat) -> fmpq:
        """E ½δᵀMδ for δ ~ N(0, Σ)."""
        return _trace(self.M * covariance) / 2

    @property
    def cosine_mean(self) -> arb:
        """E ½(1 + cos ωδ) for δ ~ N(0, τ²)."""
        return (1 + (-arb(self.omega**2 * self.tau2) / 2).exp()) / 2

    @property
    def third_moment(self) -> arb:
        """E |δ|³ = (8/π)^½ τ³ for δ ~ N(0, τ²)."""
        return (8 / arb.pi()).sqrt() * arb(self.tau2).sqrt() ** 3

    # The finite task

    @property
    def binomial_sum(self) -> fmpq:
        """Σ_k C(n, k)(k/n)^k (1 - k/n)^(n - k)."""
        n = self.n
        whole = sum(comb(n, k) * k**k * (n - k) ** (n - k) for k in range(n + 1))
        return fmpq(whole, n**n)

    def binary_average(self, less: int = 0) -> arb:
        """E exp((n - less) kl(L̂‖L)) over all samples, for the first hypothesis."""
        risk, n, total = self.risks[0], self.n, arb(0)
        for k in range(n + 1):
            chance = risk**k * (1 - risk) ** (n - k) * comb(n, k)
            if chance != 0:
                value = self.binary_divergence(fmpq(k, n), risk)
                total = total + chance * (value * (n - less)).exp()
        return total

    @cached_property
    def risks(self) -> list[fmpq]:
        """L(h)."""
        return self._means(self.thing.chances)

    @cached_property
    def sample_risks(self) -> list[fmpq]:
        """L̂(h) on the sample."""
        return self._means(Fraction(one, self.n) for one in self.thing.counts)

    @cached_property
    def prior(self) -> list[fmpq]:
        """P(h)."""
        return [exact(one) for one in self.thing.prior]

    @cached_property
    def posterior(self) -> list[fmpq]:
        """Q(h)."""
        return [exact(one) for one in self.thing.posterior]

    @property
    def weight_divergence(self) -> arb:
        """KL(Q ‖ P) of the laws on the hypotheses."""
        pairs = zip(self.posterior, self.prior, strict=True)
        return sum((q * arb(q / p).log() for q, p in pairs if q != 0), arb(0))

    def mean(self, law: list[fmpq], values: list[Any]) -> Any:
        """Σ_h law(h) values(h)."""
        return sum((w * v for w, v in zip(law, values, strict=True)), fmpq(0))

    def binary_divergence(self, q: fmpq, p: fmpq) -> arb:
        """kl(q ‖ p) = q log(q/p) + (1 - q) log((1 - q)/(1 - p)); infinite for p off q."""
        total = arb(0)
        for one, other in ((q, p), (1 - q, 1 - p)):
            if one != 0:
                total = total + (
                    one * arb(one / other).log() if other != 0 else arb("inf")
                )
        return total

    def divergences(self, seen: list[fmpq]) -> list[arb]:
        """kl(L̂(h) ‖ L(h)) for every hypothesis."""
        pairs = zip(seen, self.risks, strict=True)
        return [self.binary_divergence(one, risk) for one, risk in pairs]

    @property
    def average(self) -> arb:
        """E_P exp(n kl(L̂ ‖ L)) on the sample."""
        return self._average(self.thing.counts)

    @cached_property
    def every_average(self) -> list[tuple[fmpq, arb]]:
        """The chance of every sample, with the average there."""
        chances = [exact(one) for one in self.thing.chances]
        found = []
        for counts in _counts(self.n, len(chances)):
            ways = factorial(self.n) // prod(map(factorial, counts))
            chance = prod(
                (one**times for one, times in zip(chances, counts, strict=True)),
                start=fmpq(ways),
            )
            found.append((chance, self._average(counts)))
        return found

    def root(self, value: fmpq | int) -> arb:
        """√value."""
        return arb(value).sqrt()

    def log(self, value: Any) -> arb:
        """The natural logarithm."""
        return arb(value).log()

    def exp(self, value: Any) -> arb:
        """The exponential."""
        return arb(value).exp()

    def _average(self, counts: tuple[int, ...]) -> arb:
        seen = self._means(Fraction(one, self.n) for one in counts)
        powers = [(value * self.n).exp() for value in self.divergences(seen)]
        return arb(self.mean(self.prior, powers))

    def _means(self, weights: Any) -> list[fmpq]:
        law = [exact(one) for one in weights]
        rows = [[exact(one) for one in row] for row in self.thing.losses]
        return [self.mean(law, row) for row in rows]


def as_matrix(rows: Matrix) -> fmpq_mat:
    """The same for python-flint."""
    return fmpq_mat([[exact(entry) for entry in row] for row in rows])


def _identity(size: int) -> fmpq_mat:
    entries = [int(i == j) for i in range(size) for j in range(size)]
    return fmpq_mat(size, size, entries)


def _trace(matrix: fmpq_mat) -> fmpq:
    return sum((matrix[i, i] for i in range(matrix.nrows())), fmpq(0))


def _counts(total: int, places: int) -> Iterator[tuple[int, ...]]:
    """Every way to share out a number among places."""
    if places == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in _counts(total - first, places - 1):
            yield (first, *rest)
