"""runs/plan.py: products counted beforehand, and too much memory refused."""

from typing import Any

import pytest
from support.spectrum import settings

from landtheory.deep.runs import plan as spectrum_plan
from landtheory.deep.runs.plan import SpectrumPlan, plan_spectrum
from landtheory.deep.runs.prepared import prepare
from landtheory.errors import InputError


def planned(**changed: Any) -> SpectrumPlan:
    wanted = settings(**changed)
    return plan_spectrum(wanted, prepare(wanted))


def test_the_plan_of_the_tiny_run() -> None:
    plan = planned()
    assert (plan.p, plan.n, plan.epochs) == (162, 40, 2)
    assert (plan.verification_products, plan.trace_products) == (3, 20)
    assert plan.density is not None
    assert plan.density.probes * plan.density.steps == plan.density_products <= 80
    assert plan.basis == 128
    assert plan.record()["density"]["steps"] == plan.density.steps


@pytest.mark.parametrize(
    ("changed", "split"),
    [
        ({"probes": 4}, (0, 4, 20)),
        ({"steps": 10}, (0, 8, 10)),
        ({"steps": 100}, (0, 1, 100)),
        ({"probes": 2, "steps": 3}, (0, 2, 3)),
        ({"probes": 100}, (0, 100, 1)),
    ],
)
def test_probes_and_steps_are_as_asked(
    changed: dict[str, Any], split: tuple[int, ...]
) -> None:
    assert planned(**changed).density == split


def test_nothing_is_planned_for_what_is_not_asked() -> None:
    plan = planned(density=False, trace=False)
    assert plan.density is None
    assert plan.density_products == plan.trace_products == 0
    assert planned(density=False, volume=True).density_products > 0


def test_short_memory_shrinks_the_basis_and_then_refuses(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = planned().bytes_needed
    monkeypatch.setattr(spectrum_plan, "spare_bytes", lambda device: whole)
    assert 5 <= planned().basis < 128
    monkeypatch.setattr(spectrum_plan, "spare_bytes", lambda device: 1000)
    with pytest.raises(InputError, match=r"with p = 162 parameters; expected a run th"):
        planned()
