"""estimators/complement.py: samples against the dense complement, and what is exact."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from support.spectra import KINDS, matrix, seeded

from landtheory.deep.estimators import complement
from landtheory.deep.estimators.complement import empty_krylov, grow, sample_complement
from landtheory.deep.estimators.probes import draw, draw_units, remove
from landtheory.deep.operators.linear import as_operator
from landtheory.errors import InputError

A = matrix(KINDS["outliers"])
OP = as_operator(A)


def dense_complement(Q: torch.Tensor) -> torch.Tensor:
    """P A P."""
    P = torch.eye(len(A), dtype=torch.float64) - Q @ Q.T
    return P @ A @ P


def agrees(
    monkeypatch: pytest.MonkeyPatch, probes: Callable[..., torch.Tensor]
) -> bool:
    """Whether the means over such probes are the traces of the complement, to 5 sigma."""
    monkeypatch.setattr(complement, "draw_units", probes)
    krylov = grow(OP, 8, seeded(1))
    samples = [
        sample_complement(OP, probes=40, generator=seeded(seed), krylov=krylov)
        for seed in range(2, 12)
    ]
    B = dense_complement(krylov.basis)
    exact = float((B @ B @ B @ B).trace() / (B @ B).trace() ** 2)
    near = abs(sum(s.concentration for s in samples) / 10 / exact - 1) < 0.1
    for name, trace in (("traces", B.trace()), ("squares", (B @ B).trace())):
        values = torch.cat([getattr(sample, name) for sample in samples])
        error = float(values.std()) / 400**0.5
        near &= abs(float(values.mean() - trace)) < 5 * error
    return near


def test_the_samples_have_the_traces_of_the_complement_as_means(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert agrees(monkeypatch, draw_units)


@pytest.mark.parametrize(
    "mutant",
    [
        pytest.param(
            lambda op, n, g, against: remove(draw(op, n, g), against), id="no-norm"
        ),
        pytest.param(
            lambda op, n, g, against: 1.1 * draw_units(op, n, g, against=against),
            id="too-long",
        ),
        pytest.param(
            lambda op, n, g, against: draw(op, n, g) / draw(op, n, g).norm(dim=0),
            id="not-orthogonal",
        ),
        pytest.param(
            lambda op, n, g, against: draw_units(
                op, 1, seeded(5), against=against
            ).expand(-1, n),
            id="one-pool",
        ),
    ],
)
def test_the_comparison_rejects(
    monkeypatch: pytest.MonkeyPatch, mutant: Callable[..., torch.Tensor]
) -> None:
    assert not agrees(monkeypatch, mutant)


def test_one_eigenvalue_is_seen_to_be_all_there_is() -> None:
    lonely = torch.zeros(40, dtype=torch.float64)
    lonely[3] = 7.0
    sample = sample_complement(torch.diag(lonely), probes=5, generator=seeded(0))
    assert abs(sample.concentration - 1) < 1e-12
    nothing = sample_complement(torch.zeros(9, 9), probes=5, generator=seeded(0))
    assert nothing.concentration == 0


def test_all_of_the_complement_leaves_nothing_to_chance() -> None:
    for krylov in (None, grow(OP, 8, seeded(1))):
        left = len(A) - (0 if krylov is None else 8)
        for probes in (left, left + 5):
            sample = sample_complement(
                OP, probes=probes, generator=seeded(2), krylov=krylov
            )
            assert len(sample.traces) == 0
            assert sample.products == left
            whole = sample.krylov
            assert whole.basis.shape == A.shape
            back = whole.basis @ whole.projection @ whole.basis.T
            assert float((back - A).norm()) < 1e-13 * float(A.norm())
            assert whole.asymmetry < 1e-13


def test_the_empty_space_knows_nothing() -> None:
    assert empty_krylov(OP).dimension == 0
    assert grow(OP, 0, seeded(0)).dimension == 0
    assert empty_krylov(OP).ritz().values.shape == (0,)


def test_growing_stops_where_the_space_is_full() -> None:
    op = as_operator(matrix(KINDS["identity"]))
    told: list[tuple[int, int]] = []
    krylov = grow(op, 40, seeded(0), lambda done, of: told.append((done, of)))
    assert krylov.dimension == krylov.products == 9
    assert told == [(done, 40) for done in range(1, 10)]


def test_progress_tells_of_every_batch() -> None:
    told: list[tuple[int, int]] = []

    def tell(done: int, of: int) -> None:
        told.append((done, of))

    sample_complement(OP, probes=19, generator=seeded(0), progress=tell)
    assert told == [(8, 19), (16, 19), (19, 19)]
    told.clear()
    sample_complement(OP, probes=99, generator=seeded(0), progress=tell)
    assert told[-1] == (70, 70)


@pytest.mark.parametrize("probes", [0, 2.0])
def test_a_number_of_probes_is_a_positive_integer(probes: Any) -> None:
    sentence = f"probes is {probes!r}; expected an integer >= 1"
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        sample_complement(OP, probes=probes, generator=seeded(0))
