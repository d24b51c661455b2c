"""reproduce_figures.py: every mark is a row, drawn from planted and measured tables."""

import json
from math import exp

import numpy as np
import pytest
from support.planted import changed, planted

from landtheory.deep.reproduce.measure_table import MEASURES
from landtheory.deep.reproduce.measures import KS
from landtheory.deep.reproduce.statements import STATEMENTS
from landtheory.reproduce_figures import draw_figures, rows_as_csv
from landtheory.reproduce_minima import DRAWINGS as OF_MINIMA
from landtheory.reproduce_runs import DRAWINGS as OF_RUNS

PLACES = np.linspace(-0.5, 1.5, 9).tolist()


@pytest.fixture(scope="module")
def table() -> dict[str, list[dict[str, object]]]:
    found = planted()
    rows = changed(
        found, "minima", lambda r: {"eigenvalues": [exp(-i / 20) for i in range(200)]}
    )
    rows = changed(
        rows,
        "lines",
        lambda r: {"places": PLACES, "losses": [0.1 + t**2 for t in PLACES]},
    )
    rows = changed(rows, "rescaling", lambda r: {"change": 0.0, "lambda_max": 1.0})
    rows = changed(rows, "volumes", lambda r: {"accuracy": 0.5, "half_difference": 1.0})
    return rows | {"convolutional": rows["sizes"]}


DRAWINGS = {drawing.name: drawing for drawing in (*OF_MINIMA, *OF_RUNS)}


def points(axes: object) -> set[tuple[float, float]]:
    """Of every mark that is no line."""
    return {
        (float(x), float(y))
        for line in axes.get_lines()  # type: ignore[attr-defined]
        if line.get_marker() not in ("None", None, "")
        for x, y in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }


def test_every_claim_has_a_figure_and_every_name_is_another() -> None:
    assert {drawing.claim for drawing in DRAWINGS.values()} == set(STATEMENTS)
    assert len(DRAWINGS) == len(OF_MINIMA) + len(OF_RUNS)


def test_all_figures_are_drawn_with_their_data(table: dict[str, list]) -> None:
    found = draw_figures(table, tuple(STATEMENTS))
    assert {one.name for one in found} == set(DRAWINGS)
    for one in found:
        assert set(one.files) == {"png", "svg", "csv", "json"}
        rows = json.loads(one.files["json"])
        assert rows
        assert one.files["csv"].decode().count("\n") == len(rows) + 1


@pytest.mark.parametrize(
    ("name", "panel", "stage", "x", "y"),
    [
        ("accuracy", 0, "minima", "fraction", "accuracy"),
        ("spectra", 1, "minima", "trace", "accuracy"),
        ("volume", 0, "minima", "log_volume_50", "accuracy"),
        ("within", 0, "within", "log_volume_100", "accuracy"),
        ("within", 1, "within", "weight_norm", "accuracy"),
        ("sizes", 0, "sizes", "log_volume_50", "accuracy"),
        ("volumes", 0, "volumes", "laplace", "sampled"),
    ],
)
def test_the_marks_are_the_rows(
    table: dict[str, list], name: str, panel: int, stage: str, x: str, y: str
) -> None:
    figure, _ = DRAWINGS[name].draw(table)
    rows = [row for row in table[stage] if row.get("damping", 0.1) == 0.1]
    if stage == "within":  # one split
        rows = [row for row in rows if row["seed"] == rows[0]["seed"]]
    assert points(figure.axes[panel]) == {(row[x], row[y]) for row in rows}


def test_each_measure_has_its_correlation_in_each_split(
    table: dict[str, list],
) -> None:
    rows = changed(
        table, "within", lambda r: {"trace": -r["trace"]}, lambda r: r["seed"] == 0
    )
    figure, data = DRAWINGS["measures"].draw(rows)
    place = list(MEASURES).index("trace")
    left, right = (
        sorted(x for x, y in points(axes) if y == place) for axes in figure.axes
    )
    assert left == pytest.approx([-1], abs=0.01)
    # two splits and their mean
    assert right == pytest.approx([-1, 0, 1], abs=0.01)
    own = [row for row in data if row["measure"] == "trace"]
    assert [row["split"] for row in own] == [None, 0, 1]
    # clean starts have one attack fraction, and so no order by it
    assert not [y for _, y in points(figure.axes[1])
                if y == list(MEASURES).index("fraction")]  # fmt: skip


def test_the_sweep_over_k_shows_the_correlation_of_each(table: dict[str, list]) -> None:
    rows = changed(table, "minima", lambda r: {"log_volume_2": -r["log_volume_2"]})
    figure, _ = DRAWINGS["volume"].draw(rows)
    shown = dict(points(figure.axes[1]))
    assert set(shown) == set(map(float, KS))
    assert shown[2.0] == pytest.approx(-1)
    assert shown[50.0] == pytest.approx(1)


def test_networks_that_missed_a_target_are_not_drawn(table: dict[str, list]) -> None:
    some = changed(table, "minima", lambda r: {"converged": r["seed"] > 0})
    figure, rows = DRAWINGS["accuracy"].draw(some)
    assert len(rows) == len(points(figure.axes[0])) == 20
    none = changed(table, "minima", lambda r: {"converged": False})
    names = {one.name for one in draw_figures(none, ("C1", "C2"))}
    assert names == {"rescaling", "cross-entropy"}


def test_a_claim_that_was_not_asked_for_has_no_figure(table: dict[str, list]) -> None:
    assert [one.name for one in draw_figures(table, ("C5",))] == ["lines"]


def test_the_same_table_gives_the_same_bytes(table: dict[str, list]) -> None:
    one, two = (draw_figures(table, ("C1",))[0].files for _ in range(2))
    assert one == two


def test_a_missing_number_is_an_empty_cell() -> None:
    rows = [{"a": 1, "b": [1.0, 2.0]}, {"a": None, "c": 0.1}]
    assert rows_as_csv(rows).decode() == "a,c\n1,\n,0.1\n"
