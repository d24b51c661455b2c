"""An orthonormal basis that grows by blocks and shrinks by a rotation."""

import torch

from .probes import remove

__all__ = ["Basis"]

CHUNK = 2**16
"""Columns of the transposed basis that are rotated at a time: 2 MiB for four vectors."""

FIRST = 16
"""Vectors for which room is made at first; doubled when they are full."""


class Basis:
    """Q (p, j), kept as rows, beside a fixed basis F (p, l) that it is orthogonal to.

    Parameters
    ----------
    fixed : (p, l) tensor
        F, orthonormal; l may be 0. Its dtype and device are those of Q.

    Attributes
    ----------
    size : int
        j.
    """

    def __init__(self, fixed: torch.Tensor) -> None:
        self.fixed = fixed
        self.size = 0
        self._rows = fixed.new_empty(min(FIRST, len(fixed)), len(fixed))

    @property
    def columns(self) -> torch.Tensor:
        """Q, (p, j): a view."""
        return self._rows[: self.size].T

    @property
    def left(self) -> int:
        """The dimension of what is orthogonal to Q and F."""
        return len(self.fixed) - self.size - self.fixed.shape[1]

    def append(self, block: torch.Tensor) -> None:
        """Q ← (Q, block)."""
        size = self.size + block.shape[1]
        if size > len(self._rows):
            room = min(max(size, 2 * len(self._rows)), len(self.fixed))
            grown = self._rows.new_empty(room, len(self.fixed))
            grown[: self.size] = self._rows[: self.size]
            self._rows = grown
        self._rows[self.size : size] = block.T
        self.size = size

    def subtract(self, w: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Qᵀw in float64 on the CPU, and w without its parts in Q and F."""
        if self.fixed.shape[1]:
            w = w - self.fixed @ (self.fixed.T @ w)
        columns = self.columns
        inner = columns.T @ w
        rest = torch.addmm(w, columns, inner, alpha=-1)
        return inner.to("cpu", torch.float64), rest

    def rotate(self, S: torch.Tensor) -> None:
        """Q ← Q S in place, for S (j, l) with orthonormal columns."""
        small = S.T.to(self._rows)
        for start in range(0, len(self.fixed), CHUNK):
            part = self._rows[:, start : start + CHUNK]
            part[: len(small)] = small @ part[: self.size]
        self.size = len(small)

    def factor(
        self, w: torch.Tensor, *, limit: float
    ) -> tuple[torch.Tensor, torch.Tensor, float]:
        """w = W R + what is dropped, by Gram-Schmidt.

        Parameters
        ----------
        w : (p, b) tensor
            Orthogonal to Q and F, as two calls of `subtract` leave it.
        limit : float
            A column of which no more than this norm is left is rounding, and dropped.

        Returns
        -------
        W : (p, b') tensor
            Orthonormal, orthogonal to Q and F.
        R : (b', b) float64
            Upper trapezoidal, on the CPU.
        lost : float
            Norm of what was dropped.
        """
        kept: list[torch.Tensor] = []
        R = torch.zeros(w.shape[1], w.shape[1], dtype=torch.float64)
        lost = 0.0
        for column in range(w.shape[1]):
            v = w[:, column]
            for row, unit in 2 * list(enumerate(kept)):
                inner = unit @ v
                v = v - inner * unit
                R[row, column] += float(inner)
            norm = float(torch.linalg.vector_norm(v))
            # no room is left where Q fills the space: what remains is rounding too
            if norm <= limit or len(kept) == self.left:
                lost += norm**2
                continue
            R[len(kept), column] = norm
            kept.append(v / norm if not kept else self._cleaned(v / norm, kept))
        units = torch.stack(kept).T if kept else w[:, :0]
        return units, R[: len(kept)], lost**0.5

    def orthonormal(self, block: torch.Tensor, *, limit: float) -> torch.Tensor:
        """Orthonormal vectors that span what of a block is orthogonal to Q and F.

        Parameters
        ----------
        block : (p, b) tensor
            No column 0.
        limit : float
            A column of which no more than this share is left is dropped.

        Returns
        -------
        (p, b') tensor
            b' <= b.
        """
        kept = block[:, :0]
        for index in range(block.shape[1]):
            column = block[:, index : index + 1]
            unit = column / column.norm()
            rest = remove(unit, self.fixed, self.columns, kept)
            if float(rest.norm()) > limit:
                kept = torch.cat([kept, rest / rest.norm()], dim=1)
        # rows contiguous, as `resume` makes them: the same sums in the same order
        return kept.T.contiguous().T

    def _cleaned(self, unit: torch.Tensor, kept: list[torch.Tensor]) -> torch.Tensor:
        """What other columns took may have left rounding along Q: once more."""
        beside = torch.stack(kept).T
        rest = remove(unit[:, None], self.fixed, self.columns, beside)[:, 0]
        return rest / rest.norm()
