"""The Lanczos recurrence, reorthogonalised in full, one block of products at a time."""

from typing import Any

import torch

from ...errors import InputError
from ..operators.linear import as_operator
from .basis import Basis
from .krylov import Krylov, Ritz, ritz_pairs
from .probes import draw

__all__ = ["Lanczos"]

BREAKDOWN = 64
"""A residual of this many ulps of the largest product is rounding, not direction."""

SINGLE = float(torch.finfo(torch.float32).eps)

COUNTERS = ("_segment", "_previous", "_width", "products", "breakdowns")
MEASURES = ("_dropped", "asymmetry", "scale")


class Lanczos:
    """A Q = Q T + W B, grown from a start vector or block.

    One step multiplies the pending block W, appends it to Q, and makes the next W from
    what of A W is orthogonal to Q, by two passes of Gram-Schmidt over the whole basis. T
    is held as a dense matrix: tridiagonal for one vector, block tridiagonal for several,
    with an arrow after a restart.

    If A W lies in span Q to rounding, the space is invariant, and its Ritz values are
    eigenvalues. The recurrence then goes on from a random vector orthogonal to it,
    without coupling, and so finds further copies of multiple eigenvalues. Without a
    generator it ends there.

    Parameters
    ----------
    op : operator
        Symmetric; what `as_operator` takes.
    start : (p,) or (p, b) tensor
        Not 0; made orthonormal. With b columns, copies of an eigenvalue up to
        multiplicity b are seen from the beginning.
    generator : torch.Generator, optional
        Draws the vectors after a breakdown.
    against : (p, l) tensor, optional
        F, orthonormal: A is replaced by P A P on the complement, P = I - FFᵀ.

    Attributes
    ----------
    pending : (p, b) tensor
        W, which the next step multiplies; b = 0 if nothing is left to multiply.
    products, breakdowns : int
        Vectors multiplied, and how often the space turned out invariant.
    scale : float
        The largest ‖A q‖ seen: a lower bound of the operator norm.
    asymmetry : float
        max |q_iᵀA q_j - q_jᵀA q_i| seen, which costs no product: 0 but for the rounding
        of the products if A is symmetric.

    Raises
    ------
    InputError
        If `start` has the wrong shape, is not finite, or lies in the span of `against`;
        in a step, if a product is not finite or A is not symmetric.

    References
    ----------
    Parlett (1980), The Symmetric Eigenvalue Problem, chapters 6.9 ('twice is enough')
    and 13.
    """

    def __init__(
        self,
        op: Any,
        start: torch.Tensor,
        *,
        generator: torch.Generator | None = None,
        against: torch.Tensor | None = None,
    ) -> None:
        self.op = as_operator(op)
        self.generator = generator
        fixed = start.new_empty(len(start), 0) if against is None else against
        self._basis = Basis(fixed.to(self.op.device, self.op.dtype))
        self._segment = self._previous = self.products = self.breakdowns = 0
        self.scale = self.asymmetry = self._dropped = 0.0
        self._T = self._coupling = torch.zeros(0, 0, dtype=torch.float64)
        self.pending = self._first(_checked_start(start, self.op.shape[0]))
        self._width = self.pending.shape[1]
        self._uncouple()

    @property
    def basis(self) -> torch.Tensor:
        """Q, (p, j); a view, which the next restart changes."""
        return self._basis.columns

    @property
    def projection(self) -> torch.Tensor:
        """T = QᵀAQ, (j, j) float64."""
        return self._T

    @property
    def diagonal(self) -> torch.Tensor:
        """α_1, …, α_j: the diagonal of T."""
        return self._T.diagonal()

    @property
    def off_diagonal(self) -> torch.Tensor:
        """β_1, …, β_{j-1}: beside the diagonal of T."""
        return self._T.diagonal(1)

    @property
    def residual(self) -> torch.Tensor:
        """W B for the newest columns of Q, (p, b): β_j q_{j+1} for one vector."""
        newest = self._coupling[:, max(0, self._basis.size - self._width) :]
        return self.pending @ newest.to(self.pending)

    @property
    def exhausted(self) -> bool:
        """Whether nothing is left to multiply: span Q is invariant, or all there is."""
        return self.pending.shape[1] == 0

    def step(self) -> None:
        """Multiply the pending block, and take the product in."""
        self.absorb(self.op @ self.pending)

    def absorb(self, product: torch.Tensor) -> None:
        """Take in A times the pending block, which the caller multiplied.

        Parameters
        ----------
        product : (p, b) tensor
            A W: several runs may share one batched product.

        Raises
        ------
        InputError
            If the coefficients show that A is not symmetric.
        """
        self.products += product.shape[1]
        self.scale = max(self.scale, float(product.norm(dim=0).max()))
        self._append()
        first, w = self._basis.subtract(product)
        second, w = self._basis.subtract(w)
        self._project(first, second)
        self._next(w)

    def ritz(self) -> Ritz:
        """Ritz values of the whole basis in descending order, with their bounds.

        The segments before the last breakdown and the current one are kept apart: every
        vector belongs to one of the two.
        """
        size, start = self._basis.size, self._segment
        if start == 0:
            return self._pairs(slice(0, size))
        parts = [self._pairs(slice(0, start)), self._pairs(slice(start, size))]
        values = torch.cat([part.values for part in parts])
        order = torch.argsort(values, descending=True, stable=True)
        vectors = torch.zeros(size, size, dtype=torch.float64)
        vectors[:start, :start] = parts[0].vectors
        vectors[start:, start:] = parts[1].vectors
        bounds = torch.cat([part.bounds for part in parts])[order]
        return Ritz(values=values[order], vectors=vectors[:, order], bounds=bounds)

    def segment(self) -> Ritz:
        """Ritz values of what was grown since the last breakdown.

        Just after one, those of the segment that it closed: the distinct eigenvalues of
        A on the complement of all the segments before, with probability 1.
        """
        size = self._basis.size
        start = self._segment if self._segment < size else self._previous
        return self._pairs(slice(start, size))

    def widen(self, vector: torch.Tensor) -> None:
        """Take one more vector into the pending block, without coupling.

        Parameters
        ----------
        vector : (p, 1) tensor
            With a part orthogonal to Q and W.
        """
        both = torch.cat([self.pending, vector.to(self.pending)], dim=1)
        self.pending = self._first(both)
        fresh = torch.zeros(
            self.pending.shape[1] - len(self._coupling), self._basis.size
        )
        self._coupling = torch.cat([self._coupling, fresh.to(self._coupling)])
        self._width = self.pending.shape[1]

    def restart(self, vectors: torch.Tensor) -> None:
        """Keep only Q S: the thick restart, when memory is short.

        Parameters
        ----------
        vectors : (j, l) float64
            S, columns of `ritz().vectors`, so that A (Q S) = (Q S) diag(μ) + W (B S).

        References
        ----------
        Wu and Simon (2000), thick-restart Lanczos; Stewart (2001), Krylov-Schur.
        """
        closed = (vectors[self._segment :] == 0).all(dim=0)
        S = torch.cat([vectors[:, closed], vectors[:, ~closed]], dim=1)
        self._basis.rotate(S)
        self._T = torch.diag((S * (self._T @ S)).sum(dim=0))
        self._coupling = self._coupling @ S
        self._segment, self._previous = int(closed.sum()), 0

    def krylov(self) -> Krylov:
        """What is known so far, as a value; it shares memory with this run."""
        return Krylov(
            basis=self.basis,
            residual=self.pending,
            projection=self._T,
            coupling=self._coupling,
            dropped=self._dropped,
            asymmetry=self.asymmetry,
            products=self.products,
        )

    def state(self) -> dict[str, torch.Tensor]:
        """All that `resume` needs, as plain tensors; write or clone them at once.

        Returns
        -------
        dict of str to tensor
            Q, W and F transposed (views), T, B, counters, and the state of the generator
            if there is one.
        """
        counters = [getattr(self, name) for name in COUNTERS]
        measures = [getattr(self, name) for name in MEASURES]
        state = {
            "basis": self.basis.T,
            "pending": self.pending.T,
            "against": self._basis.fixed.T,
            "projection": self._T,
            "coupling": self._coupling,
            "counters": torch.tensor(counters, dtype=torch.int64),
            "measures": torch.tensor(measures, dtype=torch.float64),
        }
        if self.generator is not None:
            state["generator"] = self.generator.get_state()
        return state

    @classmethod
    def resume(cls, op: Any, state: dict[str, torch.Tensor]) -> "Lanczos":
        """A run that goes on where `state` was taken, bit for bit.

        Parameters
        ----------
        op : operator
            The same as before.
        state : dict
            What `state()` gave. Its generator is made anew, in the state it had.

        Raises
        ------
        InputError
            If an entry is missing, or was made for an operator of another size.
        """
        op = as_operator(op)
        _check_state(state, op.shape[0])
        rows = {
            name: state[name].to(op.device, op.dtype).contiguous().clone()
            for name in ("basis", "pending", "against")
        }
        run = cls.__new__(cls)
        run.op, run.generator = op, None
        if "generator" in state:
            run.generator = torch.Generator()
            run.generator.set_state(state["generator"].cpu())
        run._basis = Basis(rows["against"].T)
        run._basis.append(rows["basis"].T)
        run.pending = rows["pending"].T
        run._T, run._coupling = state["projection"].clone(), state["coupling"].clone()
        for name, value in zip(COUNTERS, state["counters"].tolist(), strict=True):
            setattr(run, name, value)
        for name, value in zip(MEASURES, state["measures"].tolist(), strict=True):
            setattr(run, name, value)
        return run

    def _append(self) -> None:
        """Q ← (Q, W), with the rows and columns of T that B gives."""
        old = self._basis.size
        self._basis.append(self.pending)
        T = torch.zeros(self._basis.size, self._basis.size, dtype=torch.float64)
        T[:old, :old] = self._T
        T[old:, :old] = self._coupling
        T[:old, old:] = self._coupling.T
        self._T = T

    def _project(self, first: torch.Tensor, second: torch.Tensor) -> None:
        """The newest diagonal block of T, and what A lacks of symmetry."""
        old = self._basis.size - first.shape[1]
        block = first[old:] + second[old:]
        gaps = torch.cat([first[:old] - self._T[:old, old:], block - block.T])
        self.asymmetry = max(self.asymmetry, float(gaps.abs().max()))
        # half of the digits: rounding is far below it, another matrix far above
        limit = max(self.op.epsilon, SINGLE) ** 0.5 * self.scale
        if not self.asymmetry <= limit:
            raise InputError(
                f"op is not symmetric: uᵀAv and vᵀAu differ by {self.asymmetry:.3g} for "
                f"unit vectors; expected at most {limit:.3g}"
            )
        self._T[old:, old:] = (block + block.T) / 2

    def _next(self, w: torch.Tensor) -> None:
        """W and B from what is left of a product; a new segment if that is nothing."""
        limit = BREAKDOWN * self.op.epsilon * self.scale
        units, R, lost = self._basis.factor(w, limit=limit)
        self._dropped = (self._dropped**2 + lost**2) ** 0.5
        self.pending = units
        self._uncouple()
        self._coupling[:, self._basis.size - w.shape[1] :] = R
        if self.exhausted:
            self._close()

    def _close(self) -> None:
        """Begin a new segment, from random vectors orthogonal to all there is."""
        self.breakdowns += 1
        self._previous, self._segment = self._segment, self._basis.size
        if self.generator is not None and self._basis.left:
            width = min(self._width, self._basis.left)
            self.pending = self._first(draw(self.op, width, self.generator))
            self._uncouple()

    def _uncouple(self) -> None:
        """B = 0: nothing links W to Q yet."""
        shape = (self.pending.shape[1], self._basis.size)
        self._coupling = torch.zeros(shape, dtype=torch.float64)

    def _first(self, block: torch.Tensor) -> torch.Tensor:
        """The first W of a segment."""
        limit = BREAKDOWN * self.op.epsilon
        units = self._basis.orthonormal(block.to(self._basis.fixed), limit=limit)
        if not units.shape[1]:
            raise InputError(
                "start lies in the span of against; expected a vector with a part outside "
                "of it: draw it at random"
            )
        return units

    def _pairs(self, block: slice) -> Ritz:
        return ritz_pairs(
            self._T[block, block], self._coupling[:, block], self._dropped
        )


def _checked_start(start: torch.Tensor, p: int) -> torch.Tensor:
    """The start block as (p, b), finite, no column 0."""
    if start.ndim not in (1, 2) or start.shape[0] != p or start.numel() == 0:
        raise InputError(
            f"start has shape {tuple(start.shape)}; expected ({p},) or ({p}, b)"
        )
    block = start.reshape(p, -1)
    least = float(block.norm(dim=0).min())
    if not bool(torch.isfinite(block).all()) or least == 0:
        raise InputError(
            f"start has a column of norm {least:.3g}; expected finite vectors other than "
            "0: draw them at random"
        )
    return block


def _check_state(state: dict[str, torch.Tensor], p: int) -> None:
    wanted = ("against", "basis", "counters", "coupling", "measures", "pending")
    missing = [name for name in (*wanted, "projection") if name not in state]
    if missing:
        raise InputError(
            f"state lacks {missing[0]!r}; expected what Lanczos.state() gives"
        )
    shape = tuple(state["basis"].shape)
    if shape[1:] != (p,):
        raise InputError(
            f"state has a basis of shape {shape[::-1]}; expected ({p}, j): pass the "
            "operator it was made with"
        )
