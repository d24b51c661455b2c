"""numerics/worlds/linear_dynamics.py and T14, held against operators in NumPy."""

from itertools import combinations

import numpy as np
import pytest
from flint import ctx

from landtheory.numerics.worlds.linear_dynamics import LINEAR_DYNAMICS, Dynamics
from landtheory.theory.catalogue import t14_sides as sides

FOUR = {
    "hessians": (((3,),), ((1,),), ((1,),), ((1,),)),
    "batch": 1,
    "step": 1,
    "start": (1,),
}


def drawn(count: int) -> list[Dynamics]:
    rng = np.random.default_rng(11)
    return [LINEAR_DYNAMICS.draw(rng) for _ in range(count)]


def arrays(thing: Dynamics) -> np.ndarray:
    return np.array(thing.hessians, dtype=np.float64)


def operator(thing: Dynamics, step: float) -> np.ndarray:
    """The mean of (I - ηH_S)⊗(I - ηH_S) over all batches."""
    hessians = arrays(thing)
    one = np.eye(hessians.shape[1])
    means = [
        hessians[list(batch)].mean(axis=0)
        for batch in combinations(range(len(hessians)), thing.batch)
    ]
    moves = [one - step * mean for mean in means]
    return np.mean([np.kron(move, move) for move in moves], axis=0)


def radius(thing: Dynamics, step: float) -> float:
    return float(np.abs(np.linalg.eigvalsh(operator(thing, step))).max())


def threshold(thing: Dynamics) -> float:
    """The largest η at which no second moment grows, by bisection."""
    low, high = 0.0, 1.0
    while radius(thing, high) <= 1 + 1e-12:
        high *= 2
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (
            (middle, high) if radius(thing, middle) <= 1 + 1e-12 else (low, middle)
        )
    return low


def agrees(mu: object) -> bool:
    """Whether 2/μ is the threshold found by bisection."""
    for thing in drawn(40):
        q = LINEAR_DYNAMICS.quantities(thing)
        if q.on_range is None:
            continue
        ours = 2 / float(mu(q).mid())
        # at a sharp maximum of 1 bisection sees the tolerance only
        if abs(ours - threshold(thing)) > 1e-6 * ours:
            return False
    return True


def test_the_threshold_is_where_bisection_finds_it() -> None:
    with ctx.workprec(128):
        assert agrees(lambda q: sides._mu(q.on_range))
        assert not agrees(lambda q: q.eigenvalues(q.H)[0])
        assert not agrees(lambda q: sides._mu(q.with_batch(1).on_range))


def test_the_operator_is_the_mean_over_all_batches() -> None:
    for thing in drawn(40):
        q = LINEAR_DYNAMICS.quantities(thing)
        ours = sides._operator(q)
        entries = [[float(ours[i, j]) for j in range(q.p**2)] for i in range(q.p**2)]
        reference = operator(thing, float(thing.step))
        assert np.allclose(entries, reference, rtol=1e-12, atol=1e-12)


def test_every_batch_is_enumerated_once() -> None:
    values = {**FOUR, "batch": 3}
    q = LINEAR_DYNAMICS.quantities(LINEAR_DYNAMICS.from_example(values))
    assert sorted(float(one[0, 0]) for one in q.batches) == [1, 5 / 3, 5 / 3, 5 / 3]
    # the variance of these means is κ times that of the matrices
    variance = 3 * (5 / 3 - 1.5) ** 2 / 4 + 0.25 / 4
    assert float(q.kappa) * 0.75 == pytest.approx(variance, abs=1e-12)


def test_the_range_holds_all_that_is_not_constant() -> None:
    for thing in drawn(60):
        q = LINEAR_DYNAMICS.quantities(thing)
        rank = np.linalg.matrix_rank(arrays(thing).mean(axis=0))
        if q.on_range is None:
            assert rank == 0
            continue
        assert q.on_range.p == rank
        kept = [float(one.mid()) for one in q.on_range.eigenvalues(q.on_range.H)]
        every = np.linalg.eigvalsh(arrays(thing).mean(axis=0))[::-1]
        assert np.allclose(kept, every[:rank], rtol=1e-10, atol=0)


def test_degenerate_instances_are_drawn() -> None:
    things = drawn(300)
    assert any(not arrays(thing)[0].any() for thing in things)
    assert any(len(set(thing.hessians)) == 1 for thing in things)
    assert {thing.batch == 1 for thing in things} == {True, False}
    assert any(thing.batch == len(thing.hessians) for thing in things)


@pytest.mark.parametrize(
    "change",
    [
        {"hessians": (((3,),),)},
        {"batch": 0},
        {"batch": 5},
        {"step": 0},
        {"start": (1, 1)},
        {"moment": 0},
        {"hessians": (((-1,),), ((1,),))},
        {"hessians": (((1, 1), (0, 1)), ((1, 0), (0, 1))), "start": (1, 1)},
    ],
)
def test_what_is_no_dynamics_is_refused(change: dict[str, object]) -> None:
    LINEAR_DYNAMICS.from_example(FOUR)
    with pytest.raises(
        ValueError,
        match=r"^linear dynamics has hessians .*, batch .*, step .*, start .*, moment .*;"
        r" expected n >= 2 symmetric positive semi-definite hessians of the size of"
        r" start, 1 <= batch <= n, step > 0 and moment >= 1$",
    ):
        LINEAR_DYNAMICS.from_example({**FOUR, **change})
