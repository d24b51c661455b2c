"""The spectral density of an operator by deflated stochastic Lanczos quadrature."""

from typing import Any, NamedTuple

import torch

from ..operators.linear import CountedOperator, as_operator
from ..progress import Progress, part
from .complement import BATCH, grow
from .density import SpectralDensity
from .gauss import GaussRule, gauss_rule
from .intervals import check_level
from .krylov import Krylov
from .lanczos import Lanczos
from .probes import check_count, draw_units

__all__ = ["Split", "spectral_density", "split_products"]

DEFLATION_SHARE = 1 / 4
"""Of the products, for the Krylov space that is deflated: the minimax choice.

A rule of m nodes on a bulk of width w errs by about w/4m. Deflating with aN of N products
narrows a spectrum λ_i = 1/i to w ~ 1/aN, so that the error is 1/a(1 - a), least at a = ½;
a bulk without outliers keeps its width, and the error is 1/(1 - a), least at a = 0. At
a = ¼ it is 4/3 of the least one in both cases, and no a does better in the worse of them.
"""

PROBE_CONSTANT = 0.88
"""n = (0.88 M/√d)^⅔ probes of M/n steps, M products in dimension d.

On a uniform bulk of width w the rules err by w n/4M, and the probes' weights by
w (π/8) (2/√π)/√(n d) = 0.44 w/√(n d): the sum is least there.
"""


class Split(NamedTuple):
    """How many products deflate, and how many probes make how many steps each."""

    deflate: int
    probes: int
    steps: int


def split_products(products: int, p: int, *, share: float = DEFLATION_SHARE) -> Split:
    """One rule for the budget, from p and the number of products alone.

    A quarter deflates; of what is left, M, n = (0.88 M/√d)^⅔ probes take M/n steps each,
    n >= 1. What does not divide goes to the deflation.

    Parameters
    ----------
    products : int
        At least 4.
    p : int
        Size of the operator.
    share : float
        For the deflation; 0 where a Krylov basis is at hand.

    Returns
    -------
    Split
        Its numbers add up to `products`, but for what p does not need.

    Raises
    ------
    InputError
        If `products` is less than 4.
    """
    check_count("products", products, least=4)
    if products >= p:
        return Split(deflate=p, probes=1, steps=1)
    rest = products - int(share * products)
    d = p - (products - rest)
    n = max(1, min(rest // 2, round((PROBE_CONSTANT * rest / d**0.5) ** (2 / 3))))
    steps = rest // n
    spare = products - n * steps if share else 0
    return Split(deflate=spare, probes=n, steps=steps)


def spectral_density(
    op: Any,
    *,
    steps: int,
    probes: int,
    deflate: int | Krylov = 0,
    generator: torch.Generator,
    level: float = 0.95,
    progress: Progress | None = None,
) -> SpectralDensity:
    """The distribution of A's eigenvalues, by deflated stochastic Lanczos quadrature.

    A Krylov basis Q of a random vector takes the outliers out: the Ritz values on it
    stand for one eigenvalue each. The rest is sampled by random vectors orthogonal to Q,
    one Lanczos run each, in step with one another so that products are batched.

    Parameters
    ----------
    op : operator
        Symmetric; what `as_operator` takes.
    steps, probes : int
        m and n; `split_products` says how many.
    deflate : int or Krylov
        Products for Q, or a basis that is at hand: `TopEigenvalues.krylov`.
    generator : torch.Generator
        Draws the start vector, then the probes.
    level : float
        Of the intervals.
    progress : callable, optional
        Called with the products made and to be made.

    Returns
    -------
    SpectralDensity
        A measure: nodes and weights.

    Raises
    ------
    InputError
        If an argument is out of range, a product is not finite, or A is not symmetric.

    References
    ----------
    Ubaru, Chen and Saad (2017) for quadrature. Deflating all of a Krylov space, with
    Lidskii's and the interlacing bound for what that leaves out: derived here.
    """
    op = as_operator(op)
    before = op.products
    check_count("steps", steps)
    check_count("probes", probes)
    check_level(level)
    own = 0 if isinstance(deflate, Krylov) else deflate
    check_count("deflate", own, least=0)
    total = own + steps * probes
    krylov = (
        deflate
        if isinstance(deflate, Krylov)
        else grow(op, own, generator, part(progress, done=0, of=total))
    )
    after = part(progress, done=own, of=total)
    rules = _rules(op, krylov, steps, probes, generator, after)
    return SpectralDensity(
        size=op.shape[0],
        ritz_values=krylov.ritz().values,
        rules=tuple(rules),
        couplings=torch.linalg.svdvals(krylov.coupling),
        products=op.products - before,
        level=level,
    )


def _rules(
    op: CountedOperator,
    krylov: Krylov,
    steps: int,
    probes: int,
    generator: torch.Generator,
    progress: Progress | None,
) -> list[GaussRule]:
    """One Gauss rule a probe, the runs of a batch in step."""
    if krylov.dimension == op.shape[0]:
        return []
    rules: list[GaussRule] = []
    for done in range(0, probes, BATCH):
        count = min(BATCH, probes - done)
        v = draw_units(op, count, generator, against=krylov.basis)
        runs = [Lanczos(op, v[:, i], against=krylov.basis) for i in range(count)]
        for step in range(steps):
            active = [run for run in runs if not run.exhausted]
            if not active:
                break
            product = op @ torch.cat([run.pending for run in active], dim=1)
            for column, run in enumerate(active):
                run.absorb(product[:, column : column + 1])
            if progress is not None:
                progress(done * steps + (step + 1) * count, probes * steps)
        rules += [gauss_rule(run) for run in runs]
    return rules
