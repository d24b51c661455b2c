"""numerics' kernels: every change of one place of a formula is told from the kernel."""

import pytest
from quality import kernel_mutants
from quality.kernel_mutants import (
    EQUIVALENT,
    TARGETS,
    agree,
    examine,
    mutants,
    survives,
)

from landtheory.numerics import jacobian


def test_the_kernels_themselves_agree() -> None:
    assert agree()


def test_no_mutant_survives_without_a_reason() -> None:
    counts, left = examine()
    assert [str(mutant) for mutant in left if not mutant.same] == []
    assert sum(counts.values()) >= 1500
    assert set(counts) == {
        f"{room}.{name}" for room, names in TARGETS.items() for name in names
    }
    # a reason that no mutant needs is out of date
    assert {(mutant.function, mutant.change) for mutant in left} == set(EQUIVALENT)


def test_blind_comparisons_would_let_mutants_through(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    some = next(m for m in mutants("jacobian", "gradient") if "dropped" in m.change)
    assert not survives(some)
    monkeypatch.setattr(kernel_mutants, "_close", lambda value, reference: True)
    assert survives(some)


def test_every_kind_of_change_is_made() -> None:
    changes = [
        mutant.change
        for function in ("sample_rows", "small_hessians")
        for mutant in mutants("_kernels", function)
    ]
    for words in (
        "scale * r[i, c]: the left part dropped",
        "s1[i, k]: indices 0 and 1 exchanged",
        "s2: taken for s1",
        "total / n: / turned into *",
        "bend * x[t, i, j]: the right part dropped",
    ):
        assert words in changes, words
    assert any("+= turned into -=" in change for change in changes)


def test_the_kernels_are_put_back() -> None:
    before = jacobian.gradient
    survives(next(mutants("jacobian", "gradient")))
    assert jacobian.gradient is before
