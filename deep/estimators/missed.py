"""Whether an eigenvalue was missed: a copy of one that is known, for instance."""

import math
from dataclasses import dataclass

import torch

from ..operators.linear import CountedOperator
from .ends import outranks
from .lanczos import Lanczos
from .probes import draw

__all__ = ["Search", "look_for_missed"]

FACTOR = 1.648
"""Of Kuczyński and Woźniakowski's bound."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Search:
    """What a second run, orthogonal to the wanted vectors, came to.

    Attributes
    ----------
    certain : bool
        No eigenvalue beyond the wanted ones is left, with the certainty asked for.
    found : (p, 1) tensor or None
        A vector of which the Rayleigh quotient lies beyond them: one is left.
    products : int
        Vectors multiplied.
    """

    certain: bool
    found: torch.Tensor | None
    products: int


def look_for_missed(
    op: CountedOperator,
    vectors: torch.Tensor,
    values: torch.Tensor,
    *,
    which: str,
    slack: float,
    ends: tuple[float, float],
    certainty: float,
    generator: torch.Generator,
    limit: int,
) -> Search:
    """Run Lanczos on the complement of the wanted vectors until it is clear.

    Let τ be the innermost wanted value, moved outwards by `slack`, and ξ the largest Ritz
    value after s steps from a random start on the complement U^⊥, of dimension d. If A had
    more than k eigenvalues from τ up, PAP would have one there (Cauchy), call it λ; and

        P[λ - ξ >= ε (λ - λ_min)] <= 1.648 √d exp(-√ε (2s - 1)),

    where (λ - ξ)/(λ - λ_min) >= (τ - ξ)/(τ - λ_min) = ε. For LM, where the other end is
    no further out, λ - λ_min <= 2λ; for LA and SA, λ_min is the other end of what the
    recurrence saw. So once the right side falls below 1 - certainty none was missed; and
    once ξ > τ one was, without doubt. For BE the doubts of the two ends add up.

    Parameters
    ----------
    op : CountedOperator
        A.
    vectors, values : (p, k) tensor and (k,) float64
        U, and its Ritz values in the order of `ends.wanted`.
    which : {"LA", "SA", "LM", "BE"}
        Which ones they are.
    slack : float
        How far a value may lie beyond and count as equal.
    ends : (float, float)
        The spectrum's lower and upper end, as far as they were seen.
    certainty : float
        Below 1.
    generator : torch.Generator
        Draws the start.
    limit : int
        Products at most.

    References
    ----------
    Kuczyński and Woźniakowski (1992), Theorem 4.2.
    """
    start = draw(op, 1, generator)
    run = Lanczos(op, start, against=vectors)
    d = op.shape[0] - vectors.shape[1]
    while run.products < limit:
        run.step()
        ritz = run.ritz()
        beyond = outranks(
            ritz.values, torch.full_like(ritz.values, -slack), values, which
        )
        if bool(beyond.any()):
            s = ritz.vectors[:, int(beyond.to(torch.int64).argmax())]
            found = run.basis @ s[:, None].to(run.basis)
            return Search(certain=False, found=found, products=run.products)
        if run.exhausted:
            return Search(certain=True, found=None, products=run.products)
        if _doubt(ritz.values, values, which, slack, ends, d) <= 1 - certainty:
            return Search(certain=True, found=None, products=run.products)
    return Search(certain=False, found=None, products=run.products)


def _doubt(
    ritz_values: torch.Tensor,
    values: torch.Tensor,
    which: str,
    slack: float,
    ends: tuple[float, float],
    d: int,
) -> float:
    """Bound on the probability that an eigenvalue beyond the wanted ones went unseen."""
    steps = len(ritz_values)
    top, bottom = float(ritz_values[0]), float(ritz_values[-1])
    if which == "LM":
        edge = float(values.abs().min()) + slack
        gaps = [(edge - max(top, -bottom), 2 * edge)]
    else:
        upper = values[: len(values) - (len(values) // 2 if which == "BE" else 0)]
        lower = values[len(upper) :] if which == "BE" else values
        gaps = []
        if which != "SA":
            edge = float(upper.min()) + slack
            gaps.append((edge - top, edge - ends[0]))
        if which != "LA" and len(lower):
            edge = float(lower.max()) - slack
            gaps.append((bottom - edge, ends[1] - edge))
    exponents = [(gap / extent) ** 0.5 * (2 * steps - 1) for gap, extent in gaps]
    return sum(FACTOR * d**0.5 * math.exp(-exponent) for exponent in exponents)
