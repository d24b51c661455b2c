"""What lies beside a Krylov space, seen through random vectors orthogonal to it."""

from dataclasses import dataclass, field
from typing import Any

import torch

from ..operators.linear import CountedOperator, as_operator
from ..progress import Progress
from .basis import Basis
from .krylov import Krylov
from .lanczos import Lanczos
from .probes import check_count, draw, draw_units

__all__ = ["ComplementSample", "empty_krylov", "grow", "sample_complement"]

BATCH = 8
"""Vectors multiplied at a time: as many copies of a graph's memory at most."""


@dataclass(frozen=True, kw_only=True, eq=False)
class ComplementSample:
    """A on the complement of a Krylov space, through probes v uniform on its sphere.

    With P = I - QQᵀ and d = p - j,

        d vᵀA v                  has mean tr PAP,
        d ‖P A v‖²               has mean ‖PAP‖_F²,
        d² ((PAv)ᵀ(PAv'))²       has mean ‖(PAP)²‖_F² for two probes,

    so that their variances are known without looking at how they scatter.

    Attributes
    ----------
    krylov : Krylov
        Q, T = QᵀAQ and B, which couples them to the complement.
    traces, squares : (n,) float64
        d vᵀA v and d ‖P A v‖², one a probe; n = 0 if Q spans everything.
    concentration : float
        ‖(PAP)²‖_F² / ‖PAP‖_F⁴ from pairs of probes, exact if one eigenvalue is all there
        is; between 1/d and 1, but for chance.
    epsilon : float
        Unit of rounding of the products.
    products : int
        Vectors multiplied, those of a Krylov space that was given left out.
    """

    krylov: Krylov = field(repr=False)
    traces: torch.Tensor
    squares: torch.Tensor
    concentration: float
    epsilon: float
    products: int

    @property
    def left(self) -> int:
        """d, the dimension of the complement."""
        return len(self.krylov.basis) - self.krylov.dimension


def sample_complement(
    op: Any,
    *,
    probes: int,
    generator: torch.Generator,
    krylov: Krylov | None = None,
    progress: Progress | None = None,
) -> ComplementSample:
    """Multiply random vectors orthogonal to a Krylov space.

    Where `probes` reaches the dimension of the complement, its own basis is multiplied
    instead, and nothing is left to chance.

    Parameters
    ----------
    op : operator
        Symmetric; what `as_operator` takes.
    probes : int
        How many.
    generator : torch.Generator
        Draws them.
    krylov : Krylov, optional
        By default the empty one.
    progress : callable, optional
        Called with the products made and to be made.

    Returns
    -------
    ComplementSample
        The trace and the Frobenius norm may be estimated from the same one.

    Raises
    ------
    InputError
        If `probes` is no positive integer, or a product is not finite.
    """
    op = as_operator(op)
    check_count("probes", probes)
    krylov = empty_krylov(op) if krylov is None else krylov
    d = op.shape[0] - krylov.dimension
    if probes >= d:
        whole = _completed(op, krylov, d, generator, progress)
        none = torch.zeros(0, dtype=torch.float64)
        return ComplementSample(
            krylov=whole,
            traces=none,
            squares=none,
            concentration=0.0,
            epsilon=op.epsilon,
            products=d,
        )
    Q = krylov.basis
    traces, squares, pairs = [], [], torch.zeros(2, dtype=torch.float64)
    for done in range(0, probes, BATCH):
        v = draw_units(op, min(BATCH, probes - done), generator, against=Q)
        w = op @ v
        traces.append(d * (v * w).sum(dim=0))
        w = w - Q @ (Q.T @ w)
        gram = d * (w.T @ w)
        squares.append(gram.diagonal())
        pairs += _pairs(gram.to("cpu", torch.float64))
        if progress is not None:
            progress(done + v.shape[1], probes)
    return ComplementSample(
        krylov=krylov,
        traces=torch.cat(traces).to("cpu", torch.float64),
        squares=torch.cat(squares).to("cpu", torch.float64),
        concentration=float(pairs[0] / pairs[1]) if pairs[1] > 0 else 0.0,
        epsilon=op.epsilon,
        products=probes,
    )


def grow(
    op: CountedOperator,
    products: int,
    generator: torch.Generator,
    progress: Progress | None = None,
) -> Krylov:
    """The Krylov space of a random vector.

    Parameters
    ----------
    op : CountedOperator
        Symmetric.
    products : int
        Its dimension at most; 0 gives the empty one.
    generator : torch.Generator
        Draws the start vector, and those after breakdowns.
    progress : callable, optional
        Called with the products made and `products`.
    """
    if products == 0:
        return empty_krylov(op)
    run = Lanczos(op, draw(op, 1, generator), generator=generator)
    while run.products < products and not run.exhausted:
        run.step()
        if progress is not None:
            progress(run.products, products)
    return run.krylov()


def empty_krylov(op: CountedOperator) -> Krylov:
    """Nothing known yet: j = 0."""
    none = torch.empty(op.shape[0], 0, dtype=op.dtype, device=op.device)
    small = torch.zeros(0, 0, dtype=torch.float64)
    return Krylov(
        basis=none,
        residual=none,
        projection=small,
        coupling=small,
        dropped=0.0,
        asymmetry=0.0,
        products=0,
    )


def _pairs(gram: torch.Tensor) -> torch.Tensor:
    """Σ_{i≠j} g_ij² and Σ_{i≠j} g_ii g_jj."""
    x = gram.diagonal()
    both = torch.stack([gram.square().sum(), x.sum().square()])
    return both - x.square().sum()


def _completed(
    op: CountedOperator,
    krylov: Krylov,
    d: int,
    generator: torch.Generator,
    progress: Progress | None,
) -> Krylov:
    """All of A in the basis (Q, V), V any basis of the complement."""
    Q = Basis(krylov.basis)
    V = Q.orthonormal(draw(op, d, generator), limit=0.0)
    products = []
    for done in range(0, d, BATCH):
        products.append(op @ V[:, done : done + BATCH])
        if progress is not None:
            progress(min(done + BATCH, d), d)
    AV = torch.cat([V[:, :0], *products], dim=1)
    basis = torch.cat([krylov.basis, V], dim=1)
    right = (basis.T @ AV).to("cpu", torch.float64)
    j = krylov.dimension
    T = torch.zeros(j + d, j + d, dtype=torch.float64)
    T[:j, :j] = krylov.projection
    T[:, j:] = right
    T[j:, :j] = right[:j].T
    return Krylov(
        basis=basis,
        residual=V[:, :0],
        projection=(T + T.T) / 2,
        coupling=torch.zeros(0, j + d, dtype=torch.float64),
        dropped=krylov.dropped,
        asymmetry=max(krylov.asymmetry, float((T - T.T).abs().max())),
        products=krylov.products + d,
    )
