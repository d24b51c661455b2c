"""From index notation to explicit matrices, for given n, d, m and C."""

from functools import cached_property
from itertools import product as cartesian
from typing import TYPE_CHECKING

from sympy import Expr, Integer, Matrix, Symbol, eye, zeros

from ..errors import InputError
from . import symbols
from .indexed import Atom, Term
from .losses import NORMALISER, SHIFT
from .symbols import OUTPUT, TARGET, positive_integer

if TYPE_CHECKING:
    from .two_layer import IndexedMatrix, IndexedVector, TwoLayerNet

__all__ = ["Explicit"]

_INDICES = {"W": ("k", "j"), "b": ("k",), "A": ("c", "k"), "c": ("c",)}


class Explicit:
    """Scalar symbols for one size, and the entries of matrices in them.

    Symbols: x_ij, t_ic (the targets: y_ic, or the indicators of the labels), W_kj, b_k,
    A_ck, c_c, with indices from 1. θ is in the catalogue's order.

    Parameters
    ----------
    net : TwoLayerNet
        The network.
    n, d, m, C : int
        Sizes; C may be left out where the network has it.

    Raises
    ------
    InputError
        If a size is missing, not positive, or not the network's.
    """

    def __init__(
        self, net: "TwoLayerNet", *, n: int, d: int, m: int, C: int | None = None
    ) -> None:
        outputs = net.outputs if C is None else C
        if outputs is None:
            raise InputError("C is missing; expected a number of outputs: pass C=…")
        if net.outputs not in (None, outputs):
            raise InputError(
                f"C is {outputs}; expected {net.outputs}, which the network has"
            )
        for name, size in (("n", n), ("d", d), ("m", m), ("C", outputs)):
            if not positive_integer(size):
                raise InputError(f"{name} is {size!r}; expected an integer >= 1")
        self.net = net
        self.sizes = {"i": n, "j": d, "k": m, "c": outputs}

    def names(self, parameter: str) -> list[tuple[int, ...]]:
        """Indices of a parameter's entries, in the order of θ."""
        ranges = [range(1, self.sizes[index] + 1) for index in _INDICES[parameter]]
        if parameter == "A":
            # columns of A come one after the other
            return [(c, k) for k in ranges[1] for c in ranges[0]]
        return list(cartesian(*ranges))

    @cached_property
    def theta(self) -> list[Symbol]:
        """θ as symbols, (p,)."""
        return [
            self.symbol(parameter, indices)
            for parameter in ("W", "b", "A", "c")
            for indices in self.names(parameter)
        ]

    @cached_property
    def loss(self) -> Expr:
        """L, without any derivative: what brute force starts from."""
        n = self.sizes["i"]
        return sum((self._ell(i) for i in range(1, n + 1)), Integer(0)) / n

    def symbol(self, name: str, indices: tuple[int, ...]) -> Symbol:
        """One scalar, such as W_12."""
        joined = "".join(map(str, indices))
        if any(index > 9 for index in indices):
            joined = ",".join(map(str, indices))
        return Symbol(f"{name}_{joined}", real=True)

    def output(self, i: int, c: int) -> Expr:
        """f_c(x_i)."""
        known = self._outputs.get((i, c))
        if known is None:
            known = self.symbol("c", (c,)) + sum(
                self.symbol("A", (c, k))
                * self.net.activated(0, self.preactivation(i, k))
                for k in range(1, self.sizes["k"] + 1)
            )
            self._outputs[i, c] = known
        return known

    @cached_property
    def _outputs(self) -> dict[tuple[int, int], Expr]:
        return {}

    def preactivation(self, i: int, k: int) -> Expr:
        """z_ik = Σ_j W_kj x_ij + b_k."""
        return self.symbol("b", (k,)) + sum(
            self.symbol("W", (k, j)) * self.symbol("x", (i, j))
            for j in range(1, self.sizes["j"] + 1)
        )

    def vector(self, vector: "IndexedVector") -> Matrix:
        """All entries of a vector over the parameters, (p, 1)."""
        entries = []
        for rows in ("W", "b", "A", "c"):
            terms = vector.terms(rows)
            for indices in self.names(rows):
                bound = dict(zip(_INDICES[rows], indices, strict=True))
                entries.append(self.value(terms, bound))
        return Matrix(entries)

    def matrix(self, matrix: "IndexedMatrix") -> Matrix:
        """All entries of a matrix over the parameters, (p, p)."""
        full = []
        for rows in ("W", "b", "A", "c"):
            for left in self.names(rows):
                line = []
                for columns in ("W", "b", "A", "c"):
                    terms = matrix.terms(rows, columns)
                    for right in self.names(columns):
                        bound = dict(zip(_INDICES[rows], left, strict=True))
                        primed = [f"{index}'" for index in _INDICES[columns]]
                        bound.update(zip(primed, right, strict=True))
                        line.append(self.value(terms, bound))
                full.append(line)
        return Matrix(full)

    def block(self, matrix: "IndexedMatrix", rows: str, columns: str) -> Matrix:
        """One block of a matrix."""
        terms = matrix.terms(rows, columns)
        primed = [f"{index}'" for index in _INDICES[columns]]
        return Matrix(
            [
                [
                    self.value(
                        terms,
                        dict(zip(_INDICES[rows], left, strict=True))
                        | dict(zip(primed, right, strict=True)),
                    )
                    for right in self.names(columns)
                ]
                for left in self.names(rows)
            ]
        )

    def gram(self) -> Matrix:
        """The NTK Gram matrix, (nC, nC)."""
        terms = self.net.gram_terms()
        pairs = list(
            cartesian(range(1, self.sizes["i"] + 1), range(1, self.sizes["c"] + 1))
        )
        return Matrix(
            [
                [
                    self.value(terms, {"i": i, "c": c, "i'": g, "c'": e})
                    for g, e in pairs
                ]
                for i, c in pairs
            ]
        )

    def input_jacobian(self) -> Matrix:
        """∇ₓf of all samples, (nC, d), row i C + c."""
        terms = self.net.input_terms()
        return Matrix(
            [
                [
                    self.value(terms, {"i": i, "c": c, "j": j})
                    for j in range(1, self.sizes["j"] + 1)
                ]
                for i in range(1, self.sizes["i"] + 1)
                for c in range(1, self.sizes["c"] + 1)
            ]
        )

    def value(self, terms: list[Term], indices: dict[str, int]) -> Expr:
        """A sum of terms at given free indices."""
        total: Expr = Integer(0)
        for term in terms:
            coefficient = term.coefficient.subs(symbols.n, self.sizes["i"])
            ranges = [range(1, self.sizes[name[0]] + 1) for name in term.bound]
            for values in cartesian(*ranges):
                here = indices | dict(zip(term.bound, values, strict=True))
                factors = [self._atom(factor, here) for factor in term.atoms]
                entry: Expr = coefficient
                for factor in factors:
                    entry *= factor
                total += entry
        return total

    def _atom(self, factor: Atom, here: dict[str, int]) -> Expr:
        at = tuple(here[index] for index in factor.indices)
        match factor.name:
            case "delta":
                return Integer(int(at[0] == at[1]))
            case "s0" | "s1" | "s2":
                return self.net.activated(int(factor.name[1]), self.preactivation(*at))
            case "f":
                return self.output(*at)
            case "r":
                return self._residual(*at)
            case "S":
                return self._output_hessian(at[0])[at[1] - 1, at[2] - 1]
            case "V":
                return self._covariance(at[0])[at[1] - 1, at[2] - 1]
            case name:
                return self.symbol(name, at)

    def _at_sample(self, expression: Expr, i: int, c: int) -> Expr:
        """A scalar of the loss at sample i and output c; M = 0, since it cancels."""
        normaliser = sum(
            self._local(self.net.loss_function.inner, i, e)
            for e in range(1, self.sizes["c"] + 1)
        )
        return self._local(expression, i, c).subs(NORMALISER, normaliser)

    def _local(self, expression: Expr, i: int, c: int) -> Expr:
        target = self.symbol("t", (i, c))
        return expression.subs({SHIFT: 0, TARGET: target}).subs(
            OUTPUT, self.output(i, c)
        )

    def _ell(self, i: int) -> Expr:
        loss = self.net.loss_function
        direct = sum(
            self._local(loss.direct, i, c) for c in range(1, self.sizes["c"] + 1)
        )
        return self._at_sample(loss.outer, i, 1) + direct

    def _residual(self, i: int, c: int) -> Expr:
        key = (i, c)
        if key not in self._residuals:
            loss = self.net.loss_function
            self._residuals[key] = self._at_sample(loss.residual, i, c)
        return self._residuals[key]

    @cached_property
    def _residuals(self) -> dict[tuple[int, int], Expr]:
        return {}

    @cached_property
    def _hessians(self) -> dict[int, Matrix]:
        return {}

    def _output_hessian(self, i: int) -> Matrix:
        if i not in self._hessians:
            loss = self.net.loss_function
            outputs = self.sizes["c"]
            curvature, slope = loss.output_hessian_outer
            slopes = [self._at_sample(slope, i, c) for c in range(1, outputs + 1)]
            S = zeros(outputs, outputs)
            outer = self._at_sample(curvature, i, 1)
            for c in range(outputs):
                own = self._at_sample(loss.output_hessian_diagonal, i, c + 1)
                S[c, c] += own
                for e in range(outputs):
                    S[c, e] += outer * slopes[c] * slopes[e]
            self._hessians[i] = S
        return self._hessians[i]

    def _covariance(self, i: int) -> Matrix:
        """Covariance of the targets under the model: the expectation summed out.

        Squared: a Gaussian of unit covariance. Logistic: over y in {0, 1}. Softmax:
        over the C labels. The mean is r + t.
        """
        outputs = self.sizes["c"]
        targets = self.net.loss_function.targets
        if targets == "real":
            return eye(outputs)
        mean = Matrix(
            [
                self._residual(i, c) + self.symbol("t", (i, c))
                for c in range(1, outputs + 1)
            ]
        )
        if targets == "binary":
            p = mean[0]
            return Matrix([[(1 - p) * p**2 + p * (1 - p) ** 2]])
        total = zeros(outputs, outputs)
        for label in range(outputs):
            away = mean - eye(outputs)[:, label]
            total += mean[label] * (away * away.T)
        return total
