"""deep/reproduce/measure_table.py, against SciPy and planted orders."""

import numpy as np
import pytest
from scipy.stats import spearmanr
from support.planted import changed, planted

from landtheory.deep.reproduce.evidence import Evidence, Rows
from landtheory.deep.reproduce.measure_table import MEASURES, associations, by_split

TRUE = planted()


def noise(row: dict[str, float]) -> float:
    place = [row["seed"], int(100 * row["fraction"]), int(row.get("start", 0))]
    return float(np.random.default_rng(place).normal())


def test_every_measure_has_scipys_correlation() -> None:
    table = changed(
        TRUE, "minima", lambda r: {"radius": 1 / r["trace"] + 1e-3 * noise(r)}
    )
    found = associations(Evidence(table, seed=0, draws=20))
    assert [one.measure for one in found] == list(MEASURES)
    rows = table["minima"]
    for one in found:
        x, y = ([row[name] for row in rows] for name in (one.measure, "accuracy"))
        assert one.rho.value == pytest.approx(float(spearmanr(x, y)[0]))
        assert one.rho.lower <= one.rho.value <= one.rho.upper


def test_what_was_not_taken_among_clean_starts_is_unknown_there() -> None:
    rows = [
        {name: value for name, value in row.items() if name != "radius"}
        for row in TRUE["within"]
    ]
    found = {
        one.measure: one.record()
        for one in associations(Evidence(TRUE | {"within": rows}, seed=0, draws=20))
    }
    assert found["radius"]["within_good"] is None
    assert found["trace"]["within_good"] == pytest.approx(-1)
    assert found["weight_norm"]["partial"] is None
    # a constant has no order: all clean starts have no attack samples
    assert found["fraction"]["within_good"] is None


def test_networks_that_missed_their_target_are_left_out() -> None:
    wild = changed(
        TRUE, "minima", lambda r: {"converged": False, "trace": -r["trace"]},
        lambda r: r["seed"] == 0,
    )  # fmt: skip
    (trace,) = (
        one
        for one in associations(Evidence(wild, seed=0, draws=20))
        if one.measure == "trace"
    )
    assert trace.rho.value == pytest.approx(-1)


def test_each_split_has_its_own_correlation() -> None:
    rows = changed(TRUE, "within", lambda r: {"x": r["start"] * (1 - 2 * r["seed"])})
    found = by_split(Rows(tuple(rows["within"])), "x", "accuracy")
    assert found == pytest.approx({0: 1.0, 1: -1.0})
    constant = Rows(tuple(row | {"x": 1.0} for row in rows["within"]))
    assert by_split(constant, "x", "accuracy") == {}
