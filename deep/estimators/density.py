"""A spectral density as a measure: its nodes and weights, and what they tell."""

from collections.abc import Callable
from dataclasses import dataclass, field

import torch

from ...errors import InputError
from .gauss import GaussRule
from .intervals import Interval, normal_quantile
from .probes import check_count

__all__ = ["Moment", "SpectralDensity"]


@dataclass(frozen=True, kw_only=True)
class Moment:
    """An estimate of tr Aʳ / p.

    Attributes
    ----------
    value, standard_error : float
        The estimate, and its standard error over the probes.
    truncation : float
        Bound on what leaving the coupling out changes: 0 up to r = 2.
    """

    value: float
    standard_error: float
    truncation: float


@dataclass(frozen=True, kw_only=True, eq=False)
class SpectralDensity:
    """An estimate of the spectral measure (1/p) Σ_i δ(λ_i), as a measure.

    With Q (p, j) a Krylov basis, T = QᵀAQ, P = I - QQᵀ and d = p - j,

        (1/p) Σ_{μ of T} δ(μ)  +  (d/p) (1/n) Σ_{probes} Σ_k ω_k δ(μ_k),

    the second sum over the Gauss rules of PAP from random unit vectors orthogonal to Q.
    It estimates the spectrum of T ⊕ PAP, which differs from A by the coupling B only: the
    Wasserstein-1 distance between the two spectra is at most 2 ‖B‖_* / p (Lidskii), and
    their distribution functions differ by at most rank(B) / p (interlacing).

    Attributes
    ----------
    size : int
        p.
    ritz_values : (j,) float64
        Eigenvalues of T, descending, of weight 1/p each.
    rules : tuple of GaussRule
        One a probe; none if Q spans everything.
    couplings : (b,) float64
        Singular values of B.
    products : int
        Vectors multiplied, those of a Krylov space that was given left out.
    level : float
        Of the intervals.
    """

    size: int
    ritz_values: torch.Tensor
    rules: tuple[GaussRule, ...] = field(repr=False)
    couplings: torch.Tensor
    products: int
    level: float

    @property
    def left(self) -> int:
        """d, the dimension that the probes see."""
        return self.size - len(self.ritz_values)

    @property
    def nodes(self) -> torch.Tensor:
        """Points of the measure, descending."""
        return self._points()[0]

    @property
    def weights(self) -> torch.Tensor:
        """Their weights, which sum to 1."""
        return self._points()[1]

    @property
    def truncation(self) -> float:
        """2 ‖B‖_* / p: bound on the Wasserstein-1 distance that the coupling makes."""
        return 2 * float(self.couplings.sum()) / self.size

    def moment(self, order: int) -> Moment:
        """tr Aʳ / p, unbiased for r = 0, 1, 2.

        The value is nearly normal once several probes share what is left; with one probe,
        beside few eigenvalues that outweigh the rest, 2 standard errors cover 80 % only:
        deflate more, or take `estimate_trace`.

        The coupling's part of tr A², 2 ‖B‖_F², is added. Beyond, leaving it out changes
        the moment by at most r ρʳ⁻¹ 2 ‖B‖_* / p, ρ the largest modulus of a node.

        Parameters
        ----------
        order : int
            r, at most 2m - 1 for m steps unless every rule is exact.

        Raises
        ------
        InputError
            If the rules are not exact for that power.
        """
        check_count("order", order, least=0)
        fewest = min((len(r.nodes) for r in self.rules if not r.exact), default=order)
        if order > max(2 * fewest - 1, 0):
            raise InputError(
                f"order is {order}; expected at most 2 m - 1 = {2 * fewest - 1} for m = "
                f"{fewest} steps"
            )
        sampled, error = self.sampled(lambda x: x**order)
        known = float((self.ritz_values**order).sum())
        if order == 2:
            known += 2 * float(self.couplings.square().sum())
        largest = float(self.nodes.abs().max())
        slope = order * largest ** (order - 1) if order > 2 else 0.0
        return Moment(
            value=(known + sampled) / self.size,
            standard_error=error / self.size,
            truncation=slope * self.truncation,
        )

    def cumulative(self, x: float) -> Interval:
        """The share of eigenvalues up to x, with an interval.

        The interval adds up three errors: what a rule of m nodes leaves open of its
        probe's measure, bracketed; rank(B) / p for the coupling; and z standard errors of
        the probes, √(2 F (1 - F) / (d + 2) n) with F in the bracket nearest to ½.

        Parameters
        ----------
        x : float
            Where.
        """
        known = float((self.ritz_values <= x).sum())
        if not self.rules:
            share = known / self.size
            return Interval(value=share, lower=share, upper=share, level=1.0)
        n, d = len(self.rules), self.left
        low, high = (
            sum(ends) / n
            for ends in zip(*(rule.bracket(x) for rule in self.rules), strict=True)
        )
        middle = sum(float(r.weights[r.nodes <= x].sum()) for r in self.rules) / n
        F = min(max(0.5, low), high)
        half = normal_quantile(self.level) * (2 * F * (1 - F) / ((d + 2) * n)) ** 0.5
        rank = float((self.couplings > 0).sum())
        return Interval(
            value=(known + d * middle) / self.size,
            lower=max((known - rank + d * (low - half)) / self.size, 0.0),
            upper=min((known + rank + d * (high + half)) / self.size, 1.0),
            level=self.level,
        )

    def sampled(self, f: Callable[[torch.Tensor], torch.Tensor]) -> tuple[float, float]:
        """An estimate of tr f(PAP) on the complement, and its standard error.

        d times the mean of the rules' integrals; for v uniform on the sphere the variance
        of vᵀf v is 2 (E f² - (E f)²) / (d + 2), with means over the estimated measure.

        Parameters
        ----------
        f : callable
            On tensors, entry by entry.
        """
        n, d = len(self.rules), self.left
        if n == 0:
            return 0.0, 0.0
        first = sum(float(r.weights @ f(r.nodes)) for r in self.rules) / n
        second = sum(float(r.weights @ f(r.nodes).square()) for r in self.rules) / n
        variance = 2 * max(second - first**2, 0.0) / ((d + 2) * n)
        return d * first, d * variance**0.5

    def wasserstein_distance(self, eigenvalues: torch.Tensor) -> float:
        """∫ |F - G| for the measure's F and the uniform one on given points' G.

        Parameters
        ----------
        eigenvalues : (q,) tensor
            All of a spectrum, for instance.
        """
        points = torch.cat([self.nodes, eigenvalues.to("cpu", torch.float64)])
        share = torch.full_like(eigenvalues, -1 / len(eigenvalues), dtype=torch.float64)
        order = torch.argsort(points)
        gaps = torch.cat([self.weights, share])[order].cumsum(0)[:-1].abs()
        return float(gaps @ points[order].diff())

    def smoothed(self, x: torch.Tensor, *, width: float) -> torch.Tensor:
        """Gaussian bumps on the nodes, for pictures only: no estimate rests on it.

        Parameters
        ----------
        x : (l,) float64
            Where.
        width : float
            Standard deviation of a bump.
        """
        nodes, weights = self._points()
        z = (x[:, None] - nodes) / width
        return torch.exp(-z.square() / 2) @ weights / (width * (2 * torch.pi) ** 0.5)

    def _points(self) -> tuple[torch.Tensor, torch.Tensor]:
        n = max(len(self.rules), 1)
        nodes = torch.cat([self.ritz_values, *(r.nodes for r in self.rules)])
        weights = torch.cat(
            [
                torch.full_like(self.ritz_values, 1 / self.size),
                *(r.weights * (self.left / (n * self.size)) for r in self.rules),
            ]
        )
        order = torch.argsort(nodes, descending=True, stable=True)
        return nodes[order], weights[order]
