"""The outermost eigenvalues of a symmetric operator, each with a verified bound."""

from dataclasses import dataclass, field
from typing import Any

import torch

from ...errors import InputError
from ..operators.linear import CountedOperator, as_operator
from ..progress import Progress
from .ends import check_which, wanted
from .krylov import Krylov
from .lanczos import Lanczos
from .missed import Search, look_for_missed
from .probes import check_count, draw_start
from .stopping import RELATIVE_TO, Goal

__all__ = ["TopEigenvalues", "top_eigenvalues"]

BASIS = 128
"""Vectors kept before a restart, unless more are wanted."""

PATIENCE = 100
"""Products for each wanted eigenvalue before giving up; for ten of them at least."""


@dataclass(frozen=True, kw_only=True, eq=False)
class TopEigenvalues:
    """Ritz pairs (μ, u) with their verified residuals: μ ± bound.

    For each pair an eigenvalue of A lies within bounds = residuals + noise of μ, with no
    condition on the rest of the spectrum. That it is the i-th one is another claim: copies
    of an eigenvalue beyond the block's width show in a Krylov space only once it is
    invariant, and a vector may be nearly orthogonal to what it should find. `certainty`
    is the probability, over a second start, with which none of them was missed.

    Attributes
    ----------
    eigenvalues : (k,) float64
        uᵀA u from the fresh product; descending for LA and BE, ascending for SA, by
        magnitude for LM.
    residuals : (k,) float64
        ‖A u - μ u‖ / ‖u‖, from one fresh batched product after the recurrence stopped.
    noise : (k,) float64
        ‖A u - A Q s‖: by how much the fresh product differs from what the recurrence
        made of its own; the rounding inside the products, measured.
    tolerances : (k,) float64
        What was asked of each bound: tol · max(|μ|, √ε max|μ|), ε that of the products,
        or tol · max|μ|.
    eigenvectors : (p, k) tensor
        u, orthonormal to rounding, on the operator's device.
    which : str
        Which ones.
    tol, relative_to : float, str
        As asked.
    products : int
        Vectors multiplied by the recurrence.
    verification_products : int
        k more, for the residuals.
    search_products : int
        Those of the search for missed eigenvalues; 0 if none was asked for.
    certainty : float
        That of the search; 0 if it did not come to an end or was not asked for.
    krylov : Krylov
        The basis, for estimators that go on from it.
    """

    eigenvalues: torch.Tensor
    residuals: torch.Tensor
    noise: torch.Tensor
    tolerances: torch.Tensor
    eigenvectors: torch.Tensor = field(repr=False)
    which: str
    tol: float
    relative_to: str
    products: int
    verification_products: int
    search_products: int
    certainty: float
    krylov: Krylov = field(repr=False)

    @property
    def bounds(self) -> torch.Tensor:
        """How far an eigenvalue of A may be from each μ, (k,) float64."""
        return self.residuals + self.noise

    @property
    def converged(self) -> torch.Tensor:
        """Whether each bound is within its tolerance, (k,) bool."""
        return self.bounds <= self.tolerances


def top_eigenvalues(
    op: Any,
    k: int,
    *,
    which: str = "LM",
    tol: float = 1e-3,
    relative_to: str = "eigenvalue",
    generator: torch.Generator,
    max_products: int | None = None,
    max_basis: int | None = None,
    block: int = 1,
    certainty: float = 0.0,
    start: torch.Tensor | None = None,
    progress: Progress | None = None,
) -> TopEigenvalues:
    """The k outermost eigenvalues of A, by Lanczos with automatic stopping.

    The recurrence stops when, for every wanted Ritz value μ with vector u,

        ‖A u - μ u‖ <= tol · max(|μ|, √ε max|μ|),

    by its own bound, and no other Ritz value μ' can reach into the wanted ones: μ' moved
    outwards by its residual stays inside the innermost of them, up to its tolerance.
    Since A is symmetric an eigenvalue lies within the residual: |λ - μ| <= tol |μ| is
    implied, and no estimate's change is ever looked at. (The actual error is of the order
    of the residual's square over the gap, but that needs gaps that nobody knows.) After
    it k fresh products measure the residuals again.

    Where the Krylov space is invariant before that, as with few distinct eigenvalues, it
    goes on from a random vector orthogonal to it, until what it finds there lies inside
    the wanted ones: then multiple eigenvalues are counted as often as they occur.

    Parameters
    ----------
    op : operator
        Symmetric; what `as_operator` takes.
    k : int
        How many, at most p.
    which : {"LM", "LA", "SA", "BE"}
        As in SciPy's eigsh.
    tol : float
        Relative tolerance of each eigenvalue.
    relative_to : {"eigenvalue", "norm"}
        With "norm" it is a share of max|μ| for all of them: the pairs are then exact for a
        matrix within tol ‖A‖ of A, and small ones are known less well than large ones.
    generator : torch.Generator
        Draws the start vector, and those after breakdowns.
    max_products : int, optional
        Where to stop at the latest, with `converged` false; by default 100 k, at least
        1000.
    max_basis : int, optional
        Vectors of length p that are kept at most; then a thick restart. By default
        128, or 4 k.
    block : int
        Vectors multiplied at a time. Eigenvalues up to this multiplicity are counted as
        often as they occur in any case.
    certainty : float
        If positive, a second run on the complement of what was found goes on until, with
        this probability, no eigenvalue further out was missed; what it finds is taken in.
    start : (p,) tensor, optional
        A vector near the wanted eigenvectors, such as the gradient of the loss, which
        lies largely in the top ones of its Hessian; half random all the same.
    progress : callable, optional
        Called with the products made and `max_products` after each step.

    Returns
    -------
    TopEigenvalues
        Whether converged or not: that is said for each.

    Raises
    ------
    InputError
        If an argument is out of range, a product is not finite, or A is not symmetric.

    References
    ----------
    Gur-Ari, Roberts and Dyer (2018), Gradient descent happens in a tiny subspace.
    """
    op = as_operator(op)
    goal, limit = _checked(op, k, which, tol, relative_to, max_products, certainty)
    room = _room(op, k, block, max_basis)
    first = draw_start(op, min(block, op.shape[0]), generator, start)
    run = Lanczos(op, first, generator=generator)
    _grow(run, goal, limit, room, progress)
    search, spent = _search(run, goal, certainty, limit), 0
    while search.found is not None:
        spent += search.products
        run.widen(search.found)
        run.step()
        _grow(run, goal, limit - spent, room, progress)
        search = _search(run, goal, certainty, limit - spent)
    return _verified(
        run, goal, spent + search.products, certainty if search.certain else 0.0
    )


def _grow(
    run: Lanczos, goal: Goal, limit: int, room: int, progress: Progress | None
) -> None:
    """Step until the goal is met or the products are spent, in the room there is."""
    while not goal.met(run) and run.products < limit:
        if run.basis.shape[1] + run.pending.shape[1] > room:
            ritz = run.ritz()
            keep = min(goal.k + (room - goal.k) // 2, room - run.pending.shape[1])
            kept = wanted(ritz.values, keep, goal.which)
            run.restart(ritz.vectors[:, kept])
        run.step()
        if progress is not None:
            progress(run.products, limit)


def _search(run: Lanczos, goal: Goal, certainty: float, limit: int) -> Search:
    """Look for eigenvalues beyond the wanted ones, on the complement of their vectors."""
    left = limit - run.products
    if run.exhausted or not certainty or left < 1 or run.generator is None:
        return Search(certain=run.exhausted, found=None, products=0)
    ritz = run.ritz()
    places = goal.chosen(ritz.values)
    values = ritz.values[places]
    return look_for_missed(
        run.op,
        run.basis @ ritz.vectors[:, places].to(run.basis),
        values,
        which=goal.which,
        slack=float(goal.tolerances(ritz.values, values, run.op.epsilon).max()),
        ends=(
            float((ritz.values - ritz.bounds).min()),
            float((ritz.values + ritz.bounds).max()),
        ),
        certainty=certainty,
        generator=run.generator,
        limit=left,
    )


def _verified(
    run: Lanczos, goal: Goal, search_products: int, certainty: float
) -> TopEigenvalues:
    """The wanted pairs, with residuals from products that the recurrence never saw."""
    ritz, krylov = run.ritz(), run.krylov()
    s = ritz.vectors[:, goal.chosen(ritz.values)]
    u = krylov.basis @ s.to(krylov.basis)
    product = run.op @ u
    expected = krylov.basis @ (krylov.projection @ s).to(u)
    expected += krylov.residual @ (krylov.coupling @ s).to(u)
    squares = (u * u).sum(dim=0)
    values = (u * product).sum(dim=0) / squares
    residuals = (product - u * values).norm(dim=0) / squares.sqrt()
    noise = (product - expected).norm(dim=0) / squares.sqrt()
    # a fresh product may turn round what is equal to rounding
    values = values.to("cpu", torch.float64)
    order = torch.argsort(values, descending=True, stable=True)
    order = order[goal.chosen(values[order])]
    return TopEigenvalues(
        eigenvalues=values[order],
        residuals=residuals.to("cpu", torch.float64)[order],
        noise=noise.to("cpu", torch.float64)[order],
        tolerances=goal.tolerances(ritz.values, values[order], run.op.epsilon),
        eigenvectors=u[:, order.to(u.device)],
        which=goal.which,
        tol=goal.tol,
        relative_to=goal.relative_to,
        products=run.products,
        verification_products=goal.k,
        search_products=search_products,
        certainty=certainty,
        krylov=krylov,
    )


def _checked(
    op: CountedOperator,
    k: int,
    which: str,
    tol: float,
    relative_to: str,
    max_products: int | None,
    certainty: float,
) -> tuple[Goal, int]:
    """What is wanted, and the limit on products, once they are known to be in range."""
    check_which(which)
    check_count("k", k)
    p = op.shape[0]
    if k > p:
        raise InputError(f"k is {k}; expected at most p = {p}, the size of op")
    if not 0 < tol < 1:
        raise InputError(f"tol is {tol!r}; expected a number between 0 and 1")
    if relative_to not in RELATIVE_TO:
        raise InputError(
            f"relative_to is {relative_to!r}; expected {' or '.join(RELATIVE_TO)}"
        )
    if not 0 <= certainty < 1:
        raise InputError(f"certainty is {certainty!r}; expected at least 0 and below 1")
    limit = max(10 * PATIENCE, PATIENCE * k) if max_products is None else max_products
    check_count("max_products", limit, least=k)
    goal = Goal(k=k, which=which, tol=tol, relative_to=relative_to)
    return goal, limit


def _room(op: CountedOperator, k: int, block: int, max_basis: int | None) -> int:
    """Vectors that may be kept: enough for the wanted ones and two blocks."""
    check_count("block", block)
    p = op.shape[0]
    if max_basis is not None:
        check_count("max_basis", max_basis, least=min(p, k + 2 * block))
    return min(p, max_basis or max(BASIS, 4 * k, k + 2 * block))
