"""Gradient descent on quadratics: n Hessians, a batch size, a step and a start.

What is stochastic in it is enumerated: every batch is one of finitely many, so moments
are finite sums of rationals.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np
from flint import arb, fmpq, fmpq_mat

from .rationals import exact, plainer, rational, read, written
from .reading import refuse_other_names, refuse_unless
from .spectra import eigenvalues, is_positive_semidefinite
from .world import World

__all__ = ["LINEAR_DYNAMICS", "Dynamics", "DynamicsQuantities"]

Matrix = tuple[tuple[Fraction, ...], ...]
Vector = tuple[Fraction, ...]


@dataclass(frozen=True, kw_only=True)
class Dynamics:
    """θ ↦ (I - ηH_S) θ with H_S the mean of a random batch of the H_i.

    Attributes
    ----------
    hessians : n matrices (p, p)
        H_i, symmetric and positive semi-definite; n >= 2.
    batch : int
        B, from 1 to n.
    step : Fraction
        η > 0.
    start : p numbers
        θ.
    moment : int
        k >= 1.
    """

    hessians: tuple[Matrix, ...]
    batch: int
    step: Fraction
    start: Vector
    moment: int


class DynamicsQuantities:
    """What claims about the dynamics name: rationals exactly, eigenvalues as balls."""

    def __init__(self, thing: Dynamics) -> None:
        self.thing = thing
        self.n, self.p = len(thing.hessians), len(thing.start)
        self.B, self.k = thing.batch, thing.moment
        self.eta = exact(thing.step)
        self.theta = fmpq_mat(self.p, 1, [exact(entry) for entry in thing.start])
        self.hessians = tuple(map(_matrix, thing.hessians))
        self.H = self.mean(self.hessians)
        self._spectra: dict[str, tuple[arb, ...]] = {}

    @property
    def kappa(self) -> fmpq:
        """κ = (n - B)/(B(n - 1)), the variance of a batch mean without replacement."""
        return fmpq(self.n - self.B, self.B * (self.n - 1))

    @cached_property
    def batches(self) -> tuple[fmpq_mat, ...]:
        """The mean of every batch of B of the H_i."""
        return tuple(map(self.mean, combinations(self.hessians, self.B)))

    @cached_property
    def on_range(self) -> "DynamicsQuantities | None":
        """The same on the range of H, where H is invertible; None where H = 0.

        Every H_i maps the range of H into itself, since ker H ⊂ ker H_i. The basis is
        not orthonormal, so the matrices there are only similar to symmetric ones.
        """
        basis = _range(self.H)
        if basis is None:
            return None
        left = (basis.transpose() * basis).inv() * basis.transpose()
        part = DynamicsQuantities(self.thing)
        part.p = basis.ncols()
        part.theta = left * self.theta
        part.hessians = tuple(left * one * basis for one in self.hessians)
        part.H = left * self.H * basis
        return part

    def with_batch(self, batch: int) -> "DynamicsQuantities":
        """The same with another batch size."""
        return DynamicsQuantities(replace(self.thing, batch=batch))

    def mean(self, matrices: Any) -> fmpq_mat:
        """(1/n) Σ of n matrices."""
        chosen = list(matrices)
        total = chosen[0]
        for one in chosen[1:]:
            total = total + one
        return total / len(chosen)

    def identity(self, size: int) -> fmpq_mat:
        """I."""
        entries = [int(i == j) for i in range(size) for j in range(size)]
        return fmpq_mat(size, size, entries)

    def kronecker(self, a: fmpq_mat, b: fmpq_mat) -> fmpq_mat:
        """a ⊗ b."""
        rows, columns = b.nrows(), b.ncols()
        return fmpq_mat(
            a.nrows() * rows,
            a.ncols() * columns,
            [
                a[i, j] * b[s, t]
                for i in range(a.nrows())
                for s in range(rows)
                for j in range(a.ncols())
                for t in range(columns)
            ],
        )

    def eigenvalues(self, matrix: fmpq_mat) -> tuple[arb, ...]:
        """Descending, of a matrix that is similar to a symmetric one; kept."""
        key = str(matrix)
        if key not in self._spectra:
            self._spectra[key] = eigenvalues(matrix)
        return self._spectra[key]

    def rank(self, matrix: fmpq_mat) -> int:
        """The rank, exactly."""
        return int(matrix.rank())

    def trace(self, matrix: fmpq_mat) -> fmpq:
        """The sum of the diagonal."""
        return sum((matrix[i, i] for i in range(matrix.nrows())), fmpq(0))

    def ratio(self, above: int, below: int) -> fmpq:
        """A fraction."""
        return fmpq(above, below)

    def column(self, matrix: fmpq_mat) -> fmpq_mat:
        """vec: the entries in one column, row by row."""
        entries = matrix.entries()
        return fmpq_mat(len(entries), 1, entries)

    def form(self, matrix: fmpq_mat, vector: fmpq_mat) -> fmpq:
        """vᵀ M v."""
        return (vector.transpose() * matrix * vector)[0, 0]

    def entries(self, matrix: fmpq_mat) -> tuple[fmpq, ...]:
        """All entries, row by row."""
        return tuple(matrix.entries())

    def root(self, value: fmpq | int) -> arb:
        """√value for value >= 0."""
        return arb(value).sqrt()


def _matrix(rows: Matrix) -> fmpq_mat:
    return fmpq_mat([[exact(entry) for entry in row] for row in rows])


def _range(matrix: fmpq_mat) -> fmpq_mat | None:
    """Columns that are a basis of the range; None for 0."""
    reduced, rank = matrix.rref()
    if rank == 0:
        return None
    size = matrix.ncols()
    pivots = [next(j for j in range(size) if reduced[i, j] != 0) for i in range(rank)]
    entries = [matrix[i, j] for i in range(matrix.nrows()) for j in pivots]
    return fmpq_mat(matrix.nrows(), rank, entries)


# Drawn, read, simplified


def _draw(rng: np.random.Generator) -> Dynamics:
    n = int(rng.integers(2, 5))
    p = int(rng.choice([1, 2, 2, 3]))
    batch = 1 if rng.random() < 0.4 else int(rng.integers(1, n + 1))
    rank = 1 if rng.random() < 0.7 else 2
    hessians = [_gram(rng.integers(-3, 4, (p, rank))) for _ in range(n)]
    style = rng.integers(0, 6)
    if style == 0:
        hessians = hessians[:1] * n
    elif style == 1:
        hessians[0] = _gram(np.zeros((p, 1), dtype=np.int64))
    scale = Fraction(1, int(rng.integers(1, 5)))
    mean = np.mean([np.array(one, dtype=np.float64) for one in hessians], axis=0)
    top = float(np.linalg.eigvalsh(mean)[-1]) * float(scale)
    wanted = float(rng.choice([0.2, 0.5, 0.8, 1.0, 1.3, 1.7, 2.0, 2.2, 3.0]))
    share = wanted / top if top > 0 else wanted
    step = Fraction(max(1, round(48 * share)), 48)
    return Dynamics(
        hessians=tuple(_scaled(one, scale) for one in hessians),
        batch=batch,
        step=step,
        start=tuple(Fraction(int(entry)) for entry in rng.integers(-3, 4, p)),
        moment=int(rng.integers(1, 5)),
    )


def _gram(factor: Any) -> Matrix:
    return tuple(
        tuple(Fraction(int(entry)) for entry in row) for row in factor @ factor.T
    )


def _scaled(matrix: Matrix, scale: Fraction) -> Matrix:
    return tuple(tuple(entry * scale for entry in row) for row in matrix)


def _from_example(values: Mapping[str, Any]) -> Dynamics:
    refuse_other_names(
        "linear dynamics", values, ("hessians", "batch", "step", "start"), ("moment",)
    )
    thing = Dynamics(
        hessians=read("hessians", values["hessians"]),
        batch=int(rational("batch", values["batch"])),
        step=rational("step", values["step"]),
        start=read("start", values["start"]),
        moment=int(rational("moment", values.get("moment", 2))),
    )
    refuse_unless(
        _fits(thing),
        "linear dynamics",
        _record(thing),
        "n >= 2 symmetric positive semi-definite hessians of the size of start,"
        " 1 <= batch <= n, step > 0 and moment >= 1",
    )
    return thing


def _fits(thing: Dynamics) -> bool:
    n, p = len(thing.hessians), len(thing.start)
    numbers = n >= 2 and 1 <= thing.batch <= n and thing.step > 0 and thing.moment >= 1
    shapes = {(len(one), len(row)) for one in thing.hessians for row in one}
    return numbers and shapes == {(p, p)} and all(map(_is_hessian, thing.hessians))


def _is_hessian(rows: Matrix) -> bool:
    matrix = _matrix(rows)
    return bool(matrix == matrix.transpose()) and is_positive_semidefinite(matrix)


def _simpler(thing: Dynamics) -> Iterator[Dynamics]:
    yield from _fewer(thing)
    for step in plainer(thing.step):
        if step > 0:
            yield replace(thing, step=step)
    for j, entry in enumerate(thing.start):
        for other in plainer(entry):
            yield replace(thing, start=(*thing.start[:j], other, *thing.start[j + 1 :]))
    for i, one in enumerate(thing.hessians):
        before, after = thing.hessians[:i], thing.hessians[i + 1 :]
        for matrix in _simpler_hessians(one):
            yield replace(thing, hessians=(*before, matrix, *after))
    if thing.moment > 1:
        yield replace(thing, moment=thing.moment - 1)


def _fewer(thing: Dynamics) -> Iterator[Dynamics]:
    """Without one of the matrices, or one of the parameters."""
    n, p = len(thing.hessians), len(thing.start)
    for i in range(n if n > max(2, thing.batch) else 0):
        yield replace(thing, hessians=thing.hessians[:i] + thing.hessians[i + 1 :])
    if thing.batch > 1:
        yield replace(thing, batch=thing.batch - 1)
    for j in range(p if p > 1 else 0):
        yield replace(
            thing,
            start=thing.start[:j] + thing.start[j + 1 :],
            hessians=tuple(
                tuple(row[:j] + row[j + 1 :] for i, row in enumerate(one) if i != j)
                for one in thing.hessians
            ),
        )


def _simpler_hessians(rows: Matrix) -> Iterator[Matrix]:
    """With one entry, and the one across the diagonal, made plainer."""
    p = len(rows)
    for i in range(p):
        for j in range(i, p):
            for other in plainer(rows[i][j]):
                changed = tuple(
                    tuple(
                        other if (a, b) in ((i, j), (j, i)) else rows[a][b]
                        for b in range(p)
                    )
                    for a in range(p)
                )
                if _is_hessian(changed):
                    yield changed


def _record(thing: Dynamics) -> dict[str, Any]:
    return {
        "hessians": written(thing.hessians),
        "batch": str(thing.batch),
        "step": str(thing.step),
        "start": written(thing.start),
        "moment": str(thing.moment),
    }


LINEAR_DYNAMICS = World(
    name="linear-dynamics",
    draw=_draw,
    from_example=_from_example,
    quantities=DynamicsQuantities,
    simpler=_simpler,
    record=_record,
)
