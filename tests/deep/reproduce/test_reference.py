"""deep/reproduce/reference.py: an earlier study's numbers beside a planted run."""

import pytest
from support.planted import changed, planted

from landtheory.deep.reproduce.evidence import Evidence
from landtheory.deep.reproduce.reference import REFERENCES, beside_the_study

TRUE = planted()


def found(table: dict[str, list[dict[str, object]]]) -> dict[str, dict[str, object]]:
    rows = beside_the_study(Evidence(table, seed=0, draws=20))
    return {str(row["words"]): row for row in rows}


def test_a_number_that_agrees_has_no_reason_and_one_that_does_not_has() -> None:
    words = "test accuracy at attack fraction 0.25"
    for accuracy, agrees in (
        (0.726, True),
        (0.751, True),
        (0.753, False),
        (0.69, False),
    ):
        table = changed(
            TRUE, "minima", lambda r, a=accuracy: {"accuracy": a},
            lambda r: r["fraction"] == 0.25,
        )  # fmt: skip
        row = found(table)[words]
        assert row["value"] == pytest.approx(accuracy)
        assert row["agrees"] is agrees
        assert bool(row["why"]) is not agrees


def test_what_was_not_measured_is_not_compared() -> None:
    rows = found(TRUE)
    assert "test accuracy at attack fraction 3" not in rows
    assert not any("resnet8" in words for words in rows)
    assert found({"lines": TRUE["lines"]}).keys() == {
        one.words for one in REFERENCES if one.stage == "lines"
    }
    assert found({}) == {}


def test_the_sign_in_a_residual_network_is_compared() -> None:
    rows = [row | {"network": "resnet8:group"} for row in TRUE["sizes"]]
    words = "largest eigenvalue and accuracy in resnet8:group, ρ"
    right = found(TRUE | {"convolutional": rows})[words]
    assert right["value"] == pytest.approx(-1, abs=0.01)
    assert right["agrees"] is False
    assert "learning rate" in str(right["why"])
    wrong = [row | {"lambda_max": -row["lambda_max"]} for row in rows]
    assert found(TRUE | {"convolutional": wrong})[words]["agrees"] is True


def test_every_interval_holds_something() -> None:
    for one in REFERENCES:
        assert one.lower < one.upper
        assert one.stage
        assert len([other for other in REFERENCES if other.words == one.words]) == 1
