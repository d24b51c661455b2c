"""Vectors, matrices and arrays whose entries are known in index notation."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sympy import Expr, Integer, Matrix, sqrt

from ..errors import InputError
from .gradient import BLOCKS, INDICES, column, row
from .indexed import Term, product, substituted, summed

if TYPE_CHECKING:
    from .two_layer import TwoLayerNet

__all__ = ["IndexedEntry", "IndexedMatrix", "IndexedVector"]


@dataclass(frozen=True, eq=False)
class IndexedEntry:
    """A quantity per sample: output, input Jacobian, NTK Gram matrix.

    Attributes
    ----------
    net : TwoLayerNet
        The network.
    name : str
        Which quantity, as the network calls it.
    rows, columns : tuple of str
        Its free indices.
    """

    net: "TwoLayerNet"
    name: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]

    def terms(self) -> list[Term]:
        """The entry as a sum of products."""
        return self.net.terms(self.name)

    def entry(self, *, expanded: bool = False) -> Expr:
        """The entry at free indices, as a SymPy expression.

        Parameters
        ----------
        expanded : bool
            Replace z, f, N, p, r and S by what they stand for.
        """
        return self.net.express(self.terms(), expanded=expanded)

    def at(self, **sizes: int) -> Matrix:
        """The whole matrix for given n, d, m and C, in scalar symbols.

        Rows and columns are numbered with the first index slowest: (i, c) is row
        i C + c.

        Raises
        ------
        InputError
            If a size is missing, not a positive integer, or not the network's.
        """
        return self.net.explicit(**sizes).matrix(self.terms(), self.rows, self.columns)


@dataclass(frozen=True, eq=False)
class IndexedVector:
    """A vector over the parameters, such as the gradient."""

    net: "TwoLayerNet"
    name: str

    def terms(self, rows: str) -> list[Term]:
        """One entry of a block as a sum of products."""
        return self.net.terms(self.name, _known("rows", rows))

    def block(self, rows: str, *, expanded: bool = False) -> Expr:
        """Entry of a block, in index notation.

        Parameters
        ----------
        rows : {"W", "b", "A", "c"}
            Which parameters; the free indices are W: k, j; b: k; A: c, k; c: c.
        expanded : bool
            Replace z, f, N, p, r and S by what they stand for.

        Raises
        ------
        InputError
            If `rows` is none of these.
        """
        return self.net.express(self.terms(rows), expanded=expanded)

    def at(self, **sizes: int) -> Matrix:
        """The whole vector for given n, d, m and C, in scalar symbols, (p, 1).

        Raises
        ------
        InputError
            If a size is missing, not a positive integer, or not the network's.
        """
        explicit = self.net.explicit(**sizes)
        parts = [explicit.matrix(self.terms(rows), order(rows), ()) for rows in BLOCKS]
        return Matrix.vstack(*parts)


@dataclass(frozen=True, eq=False)
class IndexedMatrix:
    """A matrix over the parameters, such as the Hessian."""

    net: "TwoLayerNet"
    name: str

    def terms(self, rows: str, columns: str) -> list[Term]:
        """One entry of a block as a sum of products."""
        return self.net.terms(
            self.name, _known("rows", rows), _known("columns", columns)
        )

    def block(self, rows: str, columns: str, *, expanded: bool = False) -> Expr:
        """Entry of a block, in index notation.

        Parameters
        ----------
        rows, columns : {"W", "b", "A", "c"}
            Which parameters; the free indices are W: k, j; b: k; A: c, k; c: c for the
            rows, the same with a prime for the columns.
        expanded : bool
            Replace z, f, N, p, r and S by what they stand for.

        Raises
        ------
        InputError
            If a name is none of these.
        """
        return self.net.express(self.terms(rows, columns), expanded=expanded)

    @property
    def trace(self) -> Expr:
        """Sum of the diagonal entries, over all blocks."""
        total: Expr = Integer(0)
        for block in BLOCKS:
            primes = dict(zip(column(block).indices, row(block).indices, strict=True))
            diagonal = substituted(self.terms(block, block), primes)
            total += self.net.express(summed(diagonal, *INDICES[block]))
        return total

    @property
    def frobenius_norm(self) -> Expr:
        """Root of the sum of the squares of all entries, over all blocks."""
        total: Expr = Integer(0)
        for rows in BLOCKS:
            for columns in BLOCKS:
                entry = self.terms(rows, columns)
                indices = row(rows).indices + column(columns).indices
                total += self.net.express(summed(product(entry, entry), *indices))
        return sqrt(total)

    def at(self, **sizes: int) -> Matrix:
        """The whole matrix for given n, d, m and C, in scalar symbols, (p, p).

        Raises
        ------
        InputError
            If a size is missing, not a positive integer, or not the network's.
        """
        explicit = self.net.explicit(**sizes)
        lines = []
        for rows in BLOCKS:
            parts = [
                explicit.matrix(
                    self.terms(rows, columns),
                    order(rows),
                    tuple(f"{index}'" for index in order(columns)),
                )
                for columns in BLOCKS
            ]
            lines.append(Matrix.hstack(*parts))
        return Matrix.vstack(*lines)


def order(block: str) -> tuple[str, ...]:
    """Indices of a parameter, slowest first, as in θ: the columns of A follow another."""
    return ("k", "c") if block == "A" else INDICES[block]


def _known(place: str, block: str) -> str:
    if block not in BLOCKS:
        raise InputError(f"{place} is {block!r}; expected one of W, b, A, c")
    return block
