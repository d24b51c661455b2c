"""Brute force in SymPy: the network as scalars, differentiated entry by entry.

Nothing of landtheory is used, the symbols' names aside; losses are typed here in their
textbook form.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from random import Random
from typing import Any

import mpmath
import sympy as sp

__all__ = ["BruteForce", "agree", "exactly", "values"]

DIGITS = 60


def scalar(name: str, *at: int) -> sp.Symbol:
    """The symbol of one entry."""
    return sp.Symbol(f"{name}_{''.join(map(str, at))}", real=True)


@dataclass(frozen=True)
class BruteForce:
    """A two-layer network of given size, σ a callable, without index notation."""

    sigma: Any
    loss: str
    n: int
    d: int
    m: int
    C: int

    @property
    def sizes(self) -> dict[str, int]:
        return {"n": self.n, "d": self.d, "m": self.m, "C": self.C}

    @cached_property
    def theta(self) -> list[sp.Symbol]:
        hidden, outputs = range(1, self.m + 1), range(1, self.C + 1)
        return [
            *(scalar("W", k, j) for k in hidden for j in range(1, self.d + 1)),
            *(scalar("b", k) for k in hidden),
            *(scalar("A", c, k) for k in hidden for c in outputs),
            *(scalar("c", c) for c in outputs),
        ]

    def output(self, i: int, c: int) -> sp.Expr:
        value = scalar("c", c)
        for k in range(1, self.m + 1):
            z = scalar("b", k)
            for j in range(1, self.d + 1):
                z += scalar("W", k, j) * scalar("x", i, j)
            value += scalar("A", c, k) * self.sigma(z)
        return value

    def outputs(self, i: int) -> list[sp.Expr]:
        return [self.output(i, c) for c in range(1, self.C + 1)]

    def ell(self, f: list[sp.Expr], y: list[sp.Expr]) -> sp.Expr:
        pairs = list(zip(f, y, strict=True))
        if self.loss == "squared":
            return sum((a - t) ** 2 for a, t in pairs) / 2
        if self.loss == "logistic":
            return sp.log(1 + sp.exp(f[0])) - y[0] * f[0]
        return sp.log(sum(sp.exp(a) for a in f)) - sum(a * t for a, t in pairs)

    def targets(self, i: int) -> list[sp.Expr]:
        return [scalar("y", i, c) for c in range(1, self.C + 1)]

    @cached_property
    def mean_loss(self) -> sp.Expr:
        samples = range(1, self.n + 1)
        return sum(self.ell(self.outputs(i), self.targets(i)) for i in samples) / self.n

    def gradient(self) -> sp.Matrix:
        return sp.Matrix([sp.diff(self.mean_loss, t) for t in self.theta])

    def hessian(self) -> sp.Matrix:
        return sp.hessian(self.mean_loss, self.theta)

    def jacobian(self, i: int) -> sp.Matrix:
        return sp.Matrix(self.outputs(i)).jacobian(self.theta)

    def gauss_newton(self) -> sp.Matrix:
        f = [scalar("f", c) for c in range(1, self.C + 1)]
        total = sp.zeros(len(self.theta), len(self.theta))
        for i in range(1, self.n + 1):
            S = sp.hessian(self.ell(f, self.targets(i)), f)
            S = S.subs(list(zip(f, self.outputs(i), strict=True)))
            J = self.jacobian(i)
            total += J.T * S * J
        return total / self.n

    def fisher(self) -> sp.Matrix:
        """Σ over the model's targets, each with its probability.

        Squared: f + ξ, ξ_c = ±1 with probability ½, has the mean and the covariance of
        the unit Gaussian, and the expectation is of a quadratic.
        """
        total = sp.zeros(len(self.theta), len(self.theta))
        for i in range(1, self.n + 1):
            f, J = self.outputs(i), self.jacobian(i)
            for probability, y in self.drawn(f):
                slots = [scalar("f", c) for c in range(1, self.C + 1)]
                ell = self.ell(slots, y)
                r = sp.Matrix([sp.diff(ell, s) for s in slots])
                g = J.T * r.subs(list(zip(slots, f, strict=True)))
                total += probability * g * g.T
        return total / self.n

    def drawn(self, f: list[sp.Expr]) -> list[tuple[sp.Expr, list[sp.Expr]]]:
        if self.loss == "squared":
            signs = product((-1, 1), repeat=self.C)
            weight = sp.Rational(1, 2**self.C)
            return [
                (weight, [a + s for a, s in zip(f, choice, strict=True)])
                for choice in signs
            ]
        if self.loss == "logistic":
            p = 1 / (1 + sp.exp(-f[0]))
            return [(p, [sp.Integer(1)]), (1 - p, [sp.Integer(0)])]
        total = sum(sp.exp(a) for a in f)
        return [
            (sp.exp(a) / total, [sp.Integer(int(e == c)) for e in range(self.C)])
            for c, a in enumerate(f)
        ]

    def ntk_gram(self) -> sp.Matrix:
        J = sp.Matrix.vstack(*(self.jacobian(i) for i in range(1, self.n + 1)))
        return J * J.T

    def input_jacobian(self) -> sp.Matrix:
        rows = []
        for i in range(1, self.n + 1):
            x = [scalar("x", i, j) for j in range(1, self.d + 1)]
            rows.append(sp.Matrix(self.outputs(i)).jacobian(x))
        return sp.Matrix.vstack(*rows)


def point(matrices: list[sp.Matrix], seed: int) -> dict[sp.Symbol, sp.Rational]:
    """Random odd sevenths for every symbol: away from every kink at 0."""
    random = Random(seed)
    symbols = set().union(*(matrix.free_symbols for matrix in matrices))
    return {
        symbol: sp.Rational(2 * random.randint(-6, 6) + 1, 7)
        for symbol in sorted(symbols, key=str)
    }


def exactly(left: sp.Matrix, right: sp.Matrix) -> bool:
    """Equality as polynomials in every symbol and every value of σ."""
    if left.shape != right.shape:
        return False
    return all(sp.expand(a - b) == 0 for a, b in zip(left, right, strict=True))


def agree(left: sp.Matrix, right: sp.Matrix, seed: int = 0) -> bool:
    """Equality at a random rational point, to 50 digits.

    Values are computed with 60 digits; what cancels in entries of order one costs fewer
    than ten of them.
    """
    if left.shape != right.shape:
        return False
    at = point([left, right], seed)
    with mpmath.workdps(DIGITS):
        a, b = (values(matrix, at) for matrix in (left, right))
        allowed = mpmath.mpf(10) ** -50
        return all(
            abs(x - y) <= allowed * (1 + abs(y)) for x, y in zip(a, b, strict=True)
        )


def values(matrix: sp.Matrix, at: dict[sp.Symbol, sp.Rational]) -> list[mpmath.mpf]:
    """Entries at a point; what they share is evaluated once."""
    known: dict[sp.Basic, Any] = {
        symbol: mpmath.mpf(q.p) / q.q for symbol, q in at.items()
    }
    return [_value(entry, known) for entry in matrix]


def _value(e: Any, known: dict[sp.Basic, Any]) -> Any:
    if e not in known:
        if isinstance(e, sp.Piecewise):
            branch = next(v for v, test in e.args if _holds(test, known))
            known[e] = _value(branch, known)
        elif e.is_Number or e.is_NumberSymbol:
            known[e] = mpmath.mpf(e.p) / e.q if e.is_Rational else +mpmath.pi
        else:
            parts = [_value(a, known) for a in e.args]
            known[e] = _combined(e, parts)
    return known[e]


def _combined(e: Any, parts: list[Any]) -> Any:
    if e.is_Add:
        return mpmath.fsum(parts)
    if e.is_Mul:
        return mpmath.fprod(parts)
    if e.is_Pow:
        return parts[0] ** (int(e.exp) if e.exp.is_Integer else parts[1])
    order = getattr(e, "order", None)
    if order is not None:
        # σ, σ', σ'' undefined: any values will do, unrelated ones are the sharpest
        return mpmath.cos((order + 1) * parts[0] + order)
    return getattr(mpmath, type(e).__name__)(*parts)


def _holds(test: Any, known: dict[sp.Basic, Any]) -> bool:
    if test in (sp.true, sp.false):
        return bool(test)
    sides = [_value(side, known) for side in test.args]
    return {
        sp.StrictGreaterThan: sides[0] > sides[1],
        sp.StrictLessThan: sides[0] < sides[1],
        sp.GreaterThan: sides[0] >= sides[1],
        sp.LessThan: sides[0] <= sides[1],
    }[type(test)]
