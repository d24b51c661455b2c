"""report.py: what is shown of a run, and what its record holds."""

import io
import json
from collections import Counter
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from rich.console import Console

from landtheory.numerics.data import digits
from landtheory.numerics.refute import Settings
from landtheory.numerics.run import Run, verify
from landtheory.numerics.run_record import run_record
from landtheory.records import to_json
from landtheory.report import show_run, summary
from landtheory.theory import THEOREMS, get_activation, get_loss

INFINITE = float("inf")


@cache
def small_run() -> Run:
    settings = Settings(
        activations=(get_activation("tanh"),),
        losses=(get_loss("squared"),),
        budget=0.2,
        seed=0,
    )
    theorems = (THEOREMS["T08"], THEOREMS["T03"])
    data = digits(samples=10, seed=0)
    return verify(theorems, settings, data=data, folklore=False)


def record(run: Run) -> dict[str, Any]:
    text = to_json(run_record(run, version="0", settings={"budget": 0.2}))
    found: dict[str, Any] = json.loads(text)
    return found


def shown(run: Run, width: int = 100) -> str:
    out = io.StringIO()
    show_run(run, Console(file=out, width=width))
    return out.getvalue()


def with_real(run: Run, **changes: Any) -> Run:
    (real,) = run.real
    return replace(run, real=(replace(real, **changes),))


def test_a_record_holds_no_infinity_wherever_one_may_be() -> None:
    run = small_run()
    (real,) = run.real
    first = replace(real.lines[0], ratio=INFINITE, left=-INFINITE, bound=float("nan"))
    (verdict,) = run.theorems
    mutant = verdict.result.mutants[0]
    found = mutant.counterexample
    assert found is not None
    mutants = [replace(mutant, counterexample=replace(found, left=INFINITE))]
    claims = [replace(verdict.result.claims[0], ratio=INFINITE)]
    result = replace(verdict.result, mutants=mutants, claims=claims)
    changed = replace(
        with_real(run, residual=INFINITE, lines=(first,)),
        theorems=(replace(verdict, result=result),),
    )
    got = record(changed)
    (network,) = got["real"]
    assert network["largest_residual"] is None
    assert [network["claims"][0][n] for n in ("ratio", "left", "bound")] == [None] * 3
    (theorem,) = got["theorems"]
    assert theorem["claims"][0]["worst_ratio"] is None
    assert theorem["mutants"][0]["counterexample"]["left"] is None
    assert theorem["mutants"][0]["counterexample"]["right"] == found.right


def test_theorems_that_are_not_covered_are_shown() -> None:
    run = small_run()
    assert "T03" in shown(run)
    assert "not covered" in shown(run)
    assert "1 of 1 theorems verified (0 proved), 1 not covered" in summary(run)
    assert [one["id"] for one in record(run)["not_covered"]] == ["T03"]


def test_a_network_that_is_missing_is_shown_with_the_reason() -> None:
    run = with_real(small_run(), untrained="it is so", lines=(), residual=float("nan"))
    assert "tanh (32 units) not trained: it is so" in shown(run)
    assert "1 of 1 networks not trained" in summary(run)
    (network,) = record(run)["real"]
    assert (network["trained"], network["reason"]) == (False, "it is so")


def test_claims_that_were_left_out_are_shown() -> None:
    run = with_real(small_run(), skipped=("T12(a.1)",))
    assert "T12(a.1)" in shown(run)
    assert record(run)["real"][0]["skipped"] == ["T12(a.1)"]
    assert "not judged" not in shown(small_run())


def test_the_instances_shown_are_those_of_the_claim_that_was_judged_least() -> None:
    run = small_run()
    (verdict,) = run.theorems
    first, *others = verdict.result.claims
    result = replace(
        verdict.result, claims=[replace(first, tried=Counter(sweeps=3)), *others]
    )
    changed = replace(run, theorems=(replace(verdict, result=result),))
    row = next(line for line in shown(changed).splitlines() if "T08" in line)
    assert "│         3 │" in row


def test_claims_say_their_relation() -> None:
    got = record(small_run())
    claims = got["theorems"][0]["claims"] + got["real"][0]["claims"]
    assert {claim["relation"] for claim in claims} <= {"==", "<=", ">="}
    assert all("relation" in claim for claim in claims)


def test_the_summary_is_one_line_and_narrow_tables_stay_readable() -> None:
    text = shown(small_run(), width=60)
    assert text.splitlines()[-1] == summary(small_run())
    row = next(line for line in text.splitlines() if "T08" in line)
    title = row.split("│")[2].strip()
    assert len(title) >= 8


@pytest.mark.parametrize("kind", ["theorem", "network"])
def test_what_breaks_at_a_large_network_is_not_printed_in_full(kind: str) -> None:
    run = small_run()
    (verdict,) = run.theorems
    found = verdict.result.mutants[0].counterexample
    assert found is not None
    if kind == "network":
        many = found.instances.x.repeat(200, axis=1)
        found = replace(found, instances=replace(found.instances, x=many))
    first = replace(verdict.result.claims[0], broken=found)
    result = replace(verdict.result, claims=[first])
    text = shown(replace(run, theorems=(replace(verdict, result=result),)))
    assert ("see --json" in text) == (kind == "network")
