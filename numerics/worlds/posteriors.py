"""The world of posteriors: how they are drawn, read and simplified."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any, Final

import numpy as np

from .posterior_quantities import (
    Matrix,
    Posterior,
    PosteriorQuantities,
    Vector,
    as_matrix,
)
from .rationals import plainer, rational, read, written
from .reading import refuse_other_names, refuse_unless
from .spectra import is_positive_semidefinite
from .world import World

__all__ = ["POSTERIORS"]


def _draw(rng: np.random.Generator) -> Posterior:
    p = int(rng.integers(1, 4))
    size = int(rng.choice([8, 8, 9, 12, 16]))
    points, hypotheses = int(rng.integers(2, 4)), int(rng.choice([1, 2, 2, 3]))
    factor = rng.integers(-2, 3, (p, int(rng.integers(1, p + 1))))
    inverse = rng.integers(-2, 3, (p, p))
    counts = rng.integers(1, 9, points)
    chances = tuple(Fraction(int(one), int(counts.sum())) for one in counts)
    sample = rng.multinomial(size, [float(one) for one in chances])
    levels = [0, 4] if rng.random() < 0.4 else [0, 1, 2, 4]
    chosen = rng.integers(0, 4, hypotheses)
    if rng.random() < 0.4:
        # bad luck, and a hypothesis chosen after it
        sample = size * np.eye(points, dtype=np.int64)[int(rng.integers(points))]
        chosen = np.eye(hypotheses, dtype=np.int64)[int(rng.integers(hypotheses))]
    return Posterior(
        matrix=_whole(factor @ factor.T, int(rng.integers(1, 4))),
        shift=tuple(Fraction(int(one), 2) for one in rng.integers(-4, 5, p)),
        prior_variance=_positive(rng),
        inverse_temperature=_positive(rng),
        other=_whole(inverse @ inverse.T + np.eye(p, dtype=np.int64), 2),
        frequency=_positive(rng),
        size=size,
        chances=chances,
        losses=tuple(
            tuple(Fraction(int(one), 4) for one in row)
            for row in rng.choice(levels, (hypotheses, points))
        ),
        prior=_law(rng.choice([1, 1, 2, 3, 1000], hypotheses)),
        posterior=_law(chosen),
        confidence=Fraction(int(rng.integers(1, 5)), 4),
        counts=tuple(int(one) for one in sample),
    )


def _whole(rows: Any, below: int) -> Matrix:
    return tuple(tuple(Fraction(int(one), below) for one in row) for row in rows)


def _positive(rng: np.random.Generator) -> Fraction:
    return Fraction(int(rng.integers(1, 10)), int(rng.choice([1, 1, 2, 3, 10])))


def _law(weights: Any) -> Vector:
    total = int(weights.sum())
    if total == 0:
        return _law(weights + 1)
    return tuple(Fraction(int(one), total) for one in weights)


def _from_example(values: Mapping[str, Any]) -> Posterior:
    refuse_other_names("posterior", values, ("matrix", "counts"), _OTHERS)
    matrix = read("matrix", values["matrix"])
    counts = tuple(int(rational("counts", one)) for one in values["counts"])
    given = {name: values.get(name, default) for name, default in _DEFAULTS.items()}
    numbers: dict[str, Any] = {name: rational(name, given[name]) for name in _NUMBERS}
    laws: dict[str, Any] = {name: read(name, given[name]) for name in _LAWS}
    thing = Posterior(
        matrix=matrix,
        shift=read("shift", values.get("shift", (0,) * len(matrix))),
        other=read("other", values.get("other", matrix)),
        size=sum(counts),
        counts=counts,
        **numbers,
        **laws,
    )
    refuse_unless(
        _fits(thing),
        "posterior",
        _record(thing),
        "matrix positive semi-definite and other positive definite, both symmetric and"
        " of the size of shift, prior_variance, inverse_temperature and frequency > 0,"
        " counts of 1 to 64 points, chances and prior above 0 and posterior from 0,"
        " each with the sum 1, losses from 0 to 1 with a row for each number of prior"
        " and posterior and a column for each of chances and counts, and confidence in"
        " (0, 1]",
    )
    return thing


_DEFAULTS: Final[Mapping[str, Any]] = {
    "prior_variance": 1,
    "inverse_temperature": 1,
    "frequency": 1,
    "confidence": 1,
    "chances": (1,),
    "losses": ((0,),),
    "prior": (1,),
    "posterior": (1,),
}
_NUMBERS: Final = ("prior_variance", "inverse_temperature", "frequency", "confidence")
_LAWS: Final = ("chances", "losses", "prior", "posterior")
_OTHERS: Final = ("shift", "other", *_DEFAULTS)


def _fits(thing: Posterior) -> bool:
    return _gaussian_fits(thing) and _task_fits(thing)


def _gaussian_fits(thing: Posterior) -> bool:
    p = len(thing.shift)
    shapes = {
        (len(rows), len(row)) for rows in (thing.matrix, thing.other) for row in rows
    }
    numbers = (thing.prior_variance, thing.inverse_temperature, thing.frequency)
    if shapes != {(p, p)} or min(numbers) <= 0:
        return False
    matrices = as_matrix(thing.matrix), as_matrix(thing.other)
    return all(
        bool(one == one.transpose()) and is_positive_semidefinite(one)
        for one in matrices
    ) and bool(matrices[1].det() != 0)


def _task_fits(thing: Posterior) -> bool:
    points = {len(thing.chances), len(thing.counts), *map(len, thing.losses)}
    rows = {len(thing.losses), len(thing.prior), len(thing.posterior)}
    if len(points) != 1 or len(rows) != 1:
        return False
    laws = (thing.chances, thing.prior, thing.posterior)
    return (
        all(sum(law) == 1 for law in laws)
        and min((*thing.prior, *thing.chances)) > 0
        and min(thing.posterior) >= 0
        and min(thing.counts) >= 0
        and all(0 <= one <= 1 for row in thing.losses for one in row)
        and 1 <= thing.size <= 64
        and 0 < thing.confidence <= 1
    )


def _simpler(thing: Posterior) -> Iterator[Posterior]:
    for candidate in _candidates(thing):
        if _fits(candidate):
            yield candidate


def _candidates(thing: Posterior) -> Iterator[Posterior]:
    yield from _smaller(thing)
    yield from (replace(thing, prior_variance=v) for v in plainer(thing.prior_variance))
    yield from (
        replace(thing, inverse_temperature=v)
        for v in plainer(thing.inverse_temperature)
    )
    yield from (replace(thing, frequency=v) for v in plainer(thing.frequency))
    yield from (replace(thing, confidence=v) for v in plainer(thing.confidence))
    yield from (replace(thing, shift=row) for row in _plainer_row(thing.shift))
    yield from (replace(thing, matrix=one) for one in _plainer_square(thing.matrix))
    yield from (replace(thing, other=one) for one in _plainer_square(thing.other))
    for h, row in enumerate(thing.losses):
        for other in _plainer_row(row):
            rows = (*thing.losses[:h], other, *thing.losses[h + 1 :])
            yield replace(thing, losses=rows)


def _smaller(thing: Posterior) -> Iterator[Posterior]:
    """Without one of the parameters or hypotheses, or with one sample point fewer."""
    p, hypotheses = len(thing.shift), len(thing.losses)
    for j in range(p if p > 1 else 0):
        yield replace(
            thing,
            matrix=_without(thing.matrix, j),
            other=_without(thing.other, j),
            shift=thing.shift[:j] + thing.shift[j + 1 :],
        )
    for h in range(hypotheses if hypotheses > 1 else 0):
        kept = thing.posterior[:h] + thing.posterior[h + 1 :]
        others = thing.prior[:h] + thing.prior[h + 1 :]
        if sum(kept):
            yield replace(
                thing,
                losses=thing.losses[:h] + thing.losses[h + 1 :],
                prior=tuple(one / sum(others) for one in others),
                posterior=tuple(one / sum(kept) for one in kept),
            )
    for s, times in enumerate(thing.counts):
        if times and thing.size > 1:
            counts = (*thing.counts[:s], times - 1, *thing.counts[s + 1 :])
            yield replace(thing, counts=counts, size=thing.size - 1)


def _without(rows: Matrix, j: int) -> Matrix:
    return tuple(row[:j] + row[j + 1 :] for i, row in enumerate(rows) if i != j)


def _plainer_square(rows: Matrix) -> Iterator[Matrix]:
    """With one entry, and the one across the diagonal, made plainer."""
    p = len(rows)
    for i in range(p):
        for j in range(i, p):
            for other in plainer(rows[i][j]):
                yield tuple(
                    tuple(
                        other if (a, b) in ((i, j), (j, i)) else rows[a][b]
                        for b in range(p)
                    )
                    for a in range(p)
                )


def _plainer_row(row: Vector) -> Iterator[Vector]:
    for place, entry in enumerate(row):
        for other in plainer(entry):
            yield (*row[:place], other, *row[place + 1 :])


def _record(thing: Posterior) -> dict[str, Any]:
    names = ("matrix", "shift", "other", *_LAWS)
    return {
        **{name: written(getattr(thing, name)) for name in names},
        **{name: str(getattr(thing, name)) for name in _NUMBERS},
        "counts": [str(one) for one in thing.counts],
    }


POSTERIORS = World(
    name="posteriors",
    draw=_draw,
    from_example=_from_example,
    quantities=PosteriorQuantities,
    simpler=_simpler,
    record=_record,
)
