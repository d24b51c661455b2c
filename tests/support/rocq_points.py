"""Networks at rational points, and one number said four times there.

A claim's number by SymPy's closed forms, by the referee's exact evaluation of the
catalogue's claim, by NumPy's kernels, and, as a Rocq goal, by the formal statement itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from random import Random
from typing import Any

import numpy as np
import sympy as sp

from landtheory.numerics import TwoLayerProblem
from landtheory.numerics.exact_instances import ExactInstance, Row, Rows
from landtheory.theory import TwoLayerNet
from landtheory.theory.activations import get_activation
from landtheory.theory.explicit import Explicit
from landtheory.theory.losses import get_loss

__all__ = ["QUANTITIES", "Point", "Quantity", "number", "points", "rocq"]

SIGMA = {
    "quadratic": ("(fun z => z ^ 2)", "(fun z => 2 * z)", "(fun=> 2)"),
    "relu": ("(pl 1 0)", "(pl1 1 0)", "zero"),
}
"""σ, σ' and σ'' in Rocq."""


@dataclass(frozen=True, eq=False)
class Point:
    """A network with the squared loss, and its data, at rational numbers.

    Attributes
    ----------
    name : str
        What Rocq calls it.
    activation : str
        A key of `SIGMA`.
    x, W, b, A, c, y
        As in `ExactInstance`; the rows of W are orthogonal, so that the eigenvalues of WWᵀ
        are rational.
    """

    name: str
    activation: str
    x: Rows
    W: Rows
    b: Row
    A: Rows
    c: Row
    y: Rows

    @property
    def sizes(self) -> dict[str, int]:
        """n, d, m and C."""
        return {
            "n": len(self.x),
            "d": len(self.x[0]),
            "m": len(self.b),
            "C": len(self.c),
        }

    @property
    def largest(self) -> Fraction:
        """‖W‖², the largest eigenvalue of WWᵀ."""
        return max(sum((w * w for w in row), Fraction(0)) for row in self.W)

    @property
    def instance(self) -> ExactInstance:
        """The same for the referee."""
        return ExactInstance(
            activation=get_activation(self.activation),
            loss=get_loss("squared"),
            x=self.x,
            W=self.W,
            b=self.b,
            A=self.A,
            c=self.c,
            targets=self.y,
        )

    @cached_property
    def symbolic(self) -> "Symbolic":
        """The same for SymPy."""
        return Symbolic(self)

    @cached_property
    def floats(self) -> "Floats":
        """The same for NumPy."""
        return Floats(self)


class Symbolic:
    """SymPy's closed forms at a point: every entry is a rational number."""

    def __init__(self, point: Point) -> None:
        net = TwoLayerNet(point.activation, "squared")
        at = Explicit(net, **point.sizes)
        numbers = {
            sp.Symbol(f"{name}_{''.join(map(str, place))}", real=True): sp.Rational(
                value
            )
            for name in ("x", "W", "b", "A", "c", "y")
            for place, value in _entries(getattr(point, name))
        }

        def block(matrix: Any, rows: str) -> sp.Matrix:
            index = {"W": ("k", "j"), "b": ("k",), "A": ("k", "c"), "c": ("c",)}[rows]
            primes = tuple(f"{one}'" for one in index)
            whole = at.matrix(matrix.terms(rows, rows), index, primes)
            return whole.xreplace(numbers)

        self.n, self.C = point.sizes["n"], point.sizes["C"]
        self.gram = sp.Matrix(point.W) * sp.Matrix(point.W).T
        self.largest = sp.Rational(point.largest)
        self.G = {rows: block(net.gauss_newton, rows) for rows in "WbAc"}
        self.H_bb = block(net.hessian, "b")
        self.F_bb = block(net.residual_hessian, "b")
        self.K = net.ntk_gram.at(**point.sizes).xreplace(numbers)
        self.Cx = net.complexity.at(**point.sizes).xreplace(numbers)[0]

    def traces(self, *blocks: str) -> sp.Expr:
        """The trace of G over some of its blocks."""
        return sum((self.G[rows].trace() for rows in blocks), sp.Integer(0))

    def with_gram(self, matrix: sp.Matrix) -> sp.Expr:
        """⟨WWᵀ, M⟩."""
        return (self.gram * matrix).trace()


class Floats:
    """NumPy's kernels at a point."""

    def __init__(self, point: Point) -> None:
        x, W, b, A, c, y = (
            np.array(getattr(point, name), dtype=np.float64) for name in "xWbAcy"
        )
        net = TwoLayerProblem(
            x, y, activation=point.activation, width=len(b), outputs=len(c)
        )
        theta = np.concatenate([W.ravel(), b, A.T.ravel(), c])
        self.C, self.n = net.C, net.n
        self.gram, self.Cx = W @ W.T, net.complexity(theta)
        self.largest = float(np.linalg.norm(W, 2)) ** 2
        self.G = {
            rows: net.block(theta, "G", rows, rows) for rows in ("W", "b", "A", "c")
        }
        self.H_bb = net.block(theta, "H", "b", "b")
        self.F_bb = net.block(theta, "F", "b", "b")
        self.K = net.ntk_gram(theta)
        # for one output, the mean of its gradients: a_k u_k, then w̃_k·u_k, then 1
        mean, m = net.jacobian(theta).mean(0), len(b)
        slopes = [mean[: W.size].reshape(m, -1), mean[W.size : W.size + m, None]]
        self.slopes = np.hstack(slopes)
        self.activations = mean[W.size + m : W.size + 2 * m]

    def traces(self, *blocks: str) -> float:
        """The trace of G over some of its blocks."""
        return float(sum(np.trace(self.G[rows]) for rows in blocks))

    def with_gram(self, matrix: Any) -> float:
        """⟨WWᵀ, M⟩."""
        return float((self.gram * matrix).sum())

    def bound(self, *, squares: bool) -> float:
        """1 + Σ_k (p_k² + q_k²), or 1 + 2Σ_k p_k q_k, p_k = |a_k|‖u_k‖, q_k = |w̃_k·u_k|."""
        p, q = np.linalg.norm(self.slopes, axis=1), np.abs(self.activations)
        return float(1 + ((p * p + q * q) if squares else 2 * p * q).sum())


@dataclass(frozen=True)
class Quantity:
    """The right-hand side of a formal statement.

    Attributes
    ----------
    statement : str
        In Statements.v.
    arguments : str
        What it is applied to; {sizes} stands for n m d C, {s} and {s1} for σ and σ',
        {p} for the point's name, {largest} for ‖W‖².
    theorem, label : str
        The catalogue's claim.
    number : callable
        The same number from the matrices of `Symbolic` or of `Floats`.
    side : 0 or 1
        Which side of the catalogue's claim it is.
    equation : bool
        Whether the claim's other side is the same number.
    outputs : tuple of int
        At which C.
    activation : str
        At which σ.
    rational : bool
        Whether it is a rational number at every point.
    """

    statement: str
    arguments: str
    theorem: str
    label: str
    number: Callable[[Any], Any]
    side: int = 1
    equation: bool = False
    outputs: tuple[int, ...] = (1, 2)
    activation: str = "quadratic"
    rational: bool = True

    @property
    def symbolic(self) -> bool:
        """Whether SymPy has it; for a σ with a kink there is no closed form."""
        return self.activation == "quadratic"

    def at(self, point: Point) -> str:
        """The formal statement at a point, as a term."""
        s, s1, s2 = SIGMA[point.activation]
        n, d, m, C = point.sizes.values()
        places = {
            "{sizes}": f"{n} {m} {d} {C}",
            "{s2}": s2,
            "{s1}": s1,
            "{s}": s,
            "{C}": str(C),
            "{p}": point.name,
            "{largest}": number(point.largest),
        }
        text = f"@{self.statement} {self.arguments}"
        for place, what in places.items():
            text = text.replace(place, what)
        return f"({text})"


_GENERAL = "{sizes} {s} {s1} (fun=> @squared_S {C}) X_{p} th_{p}"
_SQUARED = "{sizes} {s} {s1} X_{p} th_{p}"
_BENDS = "2 2 2 1 0 X_{p} th_{p}"

QUANTITIES = (
    Quantity(
        "T04b_trace",
        "{sizes} {C} {s} {s1} (fun=> @squared_S {C}) X_{p} th_{p} (fun=> unit_{p})",
        *("T04", "b.2", lambda at: at.K.trace() / at.n),
        equation=True,
    ),
    Quantity(
        *("T04d_trace", _SQUARED, "T04", "d.2", lambda at: at.traces(*"WbAc")),
        equation=True,
    ),
    Quantity(
        *("T06_squared", _SQUARED, "T06", "a.2", lambda at: at.Cx),
        equation=True,
    ),
    Quantity(
        "T06b_hessian",
        "{sizes} {s} {s1} {s2} (fun i => squared_r (Y_{p} i)) (fun=> @squared_S {C})"
        " X_{p} th_{p}",
        *("T06", "b", lambda at: at.with_gram(at.H_bb) - at.with_gram(at.F_bb)),
        equation=True,
    ),
    Quantity(
        "T07b_upper",
        f"{_GENERAL} {{largest}}",
        *("T07", "b.1", lambda at: at.largest * at.traces("b")),
    ),
    Quantity(
        *("T07c_trace_weights", _GENERAL, "T07", "c.5", lambda at: at.traces("W")),
        equation=True,
    ),
    Quantity(
        *("T07c_trace_layer", _GENERAL, "T07", "c.6", lambda at: at.traces(*"Wb")),
        equation=True,
    ),
    Quantity(
        *("T07c_trace_bias", _GENERAL, "T07", "c.7", lambda at: at.traces("b")),
        equation=True,
    ),
    Quantity(
        "T07e_whole",
        f"{_SQUARED} {{largest}} 0",
        *("T07", "e", lambda at: at.largest * (at.traces(*"WbAc") - at.traces(*"Ac"))),
    ),
    Quantity(
        *("T13a_row", _BENDS, "T13", "a.1", lambda at: at.bound(squares=True)),
        side=0,
        outputs=(1,),
        activation="relu",
    ),
    Quantity(
        *("T13a_bend", _BENDS, "T13", "a.2", lambda at: at.bound(squares=False)),
        side=0,
        outputs=(1,),
        activation="relu",
        rational=False,
    ),
)


def points(seed: int) -> tuple[Point, ...]:
    """Random points: one output, two outputs, and one output with ReLU off its kink."""
    random = Random(seed)
    return (
        _drawn("one", random, C=1),
        _drawn("two", random, C=2),
        _drawn("bent", random, C=1, activation="relu"),
    )


def rocq(point: Point) -> str:
    """A point as Rocq definitions."""
    name, C = point.name, point.sizes["C"]
    tables = "".join(
        f"Definition {table}_{name} (i : 'I_{len(rows)}) (j : 'I_{len(rows[0])}) : R :=\n"
        f"  nth 0 (nth [::] {_table(rows)} i) j.\n"
        for table, rows in (
            *(("X", point.x), ("Y", point.y), ("W", point.W), ("A", point.A)),
            *(("b", (point.b,)), ("c", (point.c,))),
        )
    )
    return (
        f"{tables}"
        f"Definition unit_{name} (i j : 'I_{C}) : R := dlt (i == j) 1.\n"
        f"Definition th_{name} (p : par 2 2 {C}) : R := match p with\n"
        f"  | inl (inl (k, Some j)) => W_{name} k j\n"
        f"  | inl (inl (k, None)) => b_{name} ord0 k\n"
        f"  | inl (inr (k, e)) => A_{name} e k\n"
        f"  | inr e => c_{name} ord0 e\n"
        "  end.\n"
    )


def number(value: Fraction) -> str:
    """A rational number in Rocq."""
    return f"({value.numerator} / {value.denominator})"


def _table(rows: Rows) -> str:
    lines = (f"[:: {'; '.join(map(number, row))}]" for row in rows)
    return f"[:: {'; '.join(lines)}]"


def _entries(values: Any) -> list[tuple[tuple[int, ...], Fraction]]:
    """Every entry of a row or of rows, with its indices from 1."""
    if isinstance(values, tuple):
        return [
            ((place, *rest), entry)
            for place, value in enumerate(values, 1)
            for rest, entry in _entries(value)
        ]
    return [((), values)]


def _drawn(
    name: str, random: Random, *, C: int, activation: str = "quadratic"
) -> Point:
    def one() -> Fraction:
        return Fraction(random.choice((-3, -2, -1, 1, 2, 3)), random.randint(1, 4))

    def rows(height: int) -> Rows:
        return tuple((one(), one()) for _ in range(height))

    while True:
        first, stretch, x, b = (one(), one()), one(), rows(2), (one(), one())
        W = (first, (-stretch * first[1], stretch * first[0]))
        z = [
            w[0] * u[0] + w[1] * u[1] + s for w, s in zip(W, b, strict=True) for u in x
        ]
        # with both signs, a σ with a kink is met on both sides of it
        if min(z) < 0 < max(z) and 0 not in z:
            break
    c, y = tuple(one() for _ in range(C)), tuple((one(),) * C for _ in range(2))
    return Point(name, activation, x, W, b, rows(C), c, y)
