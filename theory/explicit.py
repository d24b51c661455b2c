"""From index notation to explicit matrices, for given n, d, m and C."""

from functools import cached_property
from itertools import product as cartesian
from typing import TYPE_CHECKING

from sympy import Expr, Integer, Matrix, Mul, Symbol

from ..errors import InputError
from .blocks import order
from .gradient import BLOCKS, row
from .indexed import SIZES, Atom, Term
from .losses import NORMALISER, Loss
from .symbols import OUTPUT, PREACTIVATION, TARGET

if TYPE_CHECKING:
    from .two_layer import TwoLayerNet

__all__ = ["Explicit", "scalar"]


def scalar(name: str, indices: tuple[int, ...]) -> Symbol:
    """One entry as a real symbol, such as W_12; W_1,12 where indices pass 9."""
    comma = "," if any(index > 9 for index in indices) else ""
    return Symbol(f"{name}_{comma.join(map(str, indices))}", real=True)


class Explicit:
    """Scalar symbols for one size, and the entries of matrices in them.

    Symbols: x_ij, y_ic (the targets; for the softmax loss the indicators of the
    labels), W_kj, b_k, A_ck, c_c, with indices from 1.

    Parameters
    ----------
    net : TwoLayerNet
        The network.
    n, d, m, C : int
        Sizes; C may be left out where the network has it.

    Raises
    ------
    InputError
        If a size is missing, not a positive integer, or not the network's.
    """

    def __init__(
        self,
        net: "TwoLayerNet",
        *,
        n: int | None = None,
        d: int | None = None,
        m: int | None = None,
        C: int | None = None,
    ) -> None:
        outputs = net.outputs if C is None else C
        for name, size in (("n", n), ("d", d), ("m", m), ("C", outputs)):
            if isinstance(size, bool) or not isinstance(size, int) or size < 1:
                raise InputError(f"{name} is {size!r}; expected an integer >= 1")
        if net.outputs not in (None, outputs):
            raise InputError(
                f"C is {outputs!r}; expected {net.outputs}, which the network has"
            )
        self.net = net
        self.sizes: dict[str, int] = {
            kind: size
            for kind, size in (("i", n), ("j", d), ("k", m), ("c", outputs))
            if size is not None
        }
        self._loss: Loss = net.loss.shown
        self._known: dict[Atom, Expr] = {}

    @cached_property
    def theta(self) -> tuple[Symbol, ...]:
        """θ in the catalogue's order, (p,)."""
        symbols = []
        for block in BLOCKS:
            for at in self.ranges(order(block)):
                indices = tuple(at[index] for index in row(block).indices)
                symbols.append(scalar(block, indices))
        return tuple(symbols)

    def ranges(self, indices: tuple[str, ...]) -> list[dict[str, int]]:
        """Every value of some indices, the first slowest."""
        ranges = [range(1, self.sizes[index[0]] + 1) for index in indices]
        return [
            dict(zip(indices, values, strict=True)) for values in cartesian(*ranges)
        ]

    def matrix(
        self, terms: list[Term], rows: tuple[str, ...], columns: tuple[str, ...]
    ) -> Matrix:
        """The entries of a sum of products at all values of its free indices."""
        across = self.ranges(columns)
        return Matrix(
            [
                [self.value(terms, left | right) for right in across]
                for left in self.ranges(rows)
            ]
        )

    def value(self, terms: list[Term], indices: dict[str, int]) -> Expr:
        """A sum of products at given free indices."""
        sizes = {symbol: self.sizes[kind] for kind, symbol in SIZES.items()}
        parts = []
        for term in terms:
            coefficient = term.coefficient.subs(sizes)
            for at in self.ranges(term.bound):
                here = indices | at
                factors = [self.at(atom, here) for atom in term.atoms]
                parts.append(Mul(coefficient, *factors))
        return sum(parts, Integer(0))

    def at(self, atom: Atom, here: dict[str, int]) -> Expr:
        """An atom at given indices."""
        names = {index: str(value) for index, value in here.items()}
        placed = atom.renamed(names)
        if placed not in self._known:
            indices = tuple(int(index) for index in placed.indices)
            self._known[placed] = self._value(atom.name, indices)
        return self._known[placed]

    def _value(self, name: str, at: tuple[int, ...]) -> Expr:
        match name:
            case "delta":
                return Integer(int(at[0] == at[1]))
            case "s0" | "s1" | "s2":
                return self._activated(int(name[1]), *at)
            case "f":
                return self._output(*at)
            case "r":
                return self._at_sample(self._loss.residual, *at)
            case "p":
                return self._at_sample(self._loss.residual + TARGET, *at)
            case "S":
                return self._output_hessian(*at)
            case _:
                return scalar(name, at)

    def _activated(self, derivatives: int, i: int, k: int) -> Expr:
        z = scalar("b", (k,)) + sum(
            scalar("W", (k, j)) * scalar("x", (i, j))
            for j in range(1, self.sizes["j"] + 1)
        )
        return self.net.activation.shown_derivative(derivatives).subs(PREACTIVATION, z)

    def _output(self, i: int, c: int) -> Expr:
        hidden = range(1, self.sizes["k"] + 1)
        return scalar("c", (c,)) + sum(
            scalar("A", (c, k)) * self.at(Atom("s0", ("i", "k")), {"i": i, "k": k})
            for k in hidden
        )

    def _at_sample(self, expression: Expr, i: int, c: int) -> Expr:
        """A scalar of the loss at sample i and output c."""
        if NORMALISER in expression.free_symbols:
            normaliser = sum(
                self._local(self._loss.inner, i, e)
                for e in range(1, self.sizes["c"] + 1)
            )
            return self._local(expression, i, c).subs(NORMALISER, normaliser)
        return self._local(expression, i, c)

    def _local(self, expression: Expr, i: int, c: int) -> Expr:
        f = self.at(Atom("f", ("i", "c")), {"i": i, "c": c})
        return expression.subs(TARGET, scalar("y", (i, c))).subs(OUTPUT, f)

    def _output_hessian(self, i: int, c: int, e: int) -> Expr:
        curvature, slope = self._loss.output_hessian_outer
        outer = self._at_sample(curvature, i, c)
        slopes = self._at_sample(slope, i, c) * self._at_sample(slope, i, e)
        own = self._at_sample(self._loss.output_hessian_diagonal, i, c)
        return outer * slopes + (own if c == e else Integer(0))
