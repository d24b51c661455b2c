"""The claims, held against tables in which each is true or false by construction."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from support.planted import Planted, changed, planted

from landtheory.deep.reproduce.claims import JUDGES, judge
from landtheory.deep.reproduce.evidence import Evidence
from landtheory.deep.reproduce.findings import Finding
from landtheory.deep.reproduce.statements import STATEMENTS
from landtheory.deep.reproduce.thresholds import THRESHOLDS

Row = dict[str, Any]
TRUE = planted()


def found(claim: str, table: Planted) -> Finding:
    return judge([claim], Evidence(table, seed=0, draws=20))[0]


def noise(row: Row) -> float:
    """A number that has nothing to do with the row, and is the same in every order."""
    place = [row["seed"], int(100 * row["fraction"]), row.get("start", 0)]
    return float(np.random.default_rng(place).normal())


def bad(row: Row) -> bool:
    return row["fraction"] > 0


def good(row: Row) -> bool:
    return row["fraction"] == 0


@pytest.mark.parametrize("claim", STATEMENTS)
def test_a_claim_that_is_true_is_held(claim: str) -> None:
    finding = found(claim, TRUE)
    unmet = [test.name for test in finding.statistics if not test.met]
    assert unmet == []
    assert finding.word == "held"
    assert finding.conditions == ()


def test_every_threshold_is_that_of_some_claim() -> None:
    table = TRUE | {"convolutional": [r | {"network": "lenet"} for r in TRUE["sizes"]]}
    found = judge(tuple(STATEMENTS), Evidence(table, seed=0, draws=20))
    used = {test.name for one in found for test in one.statistics}
    assert used == set(THRESHOLDS)


FALSE: list[tuple[str, str, Callable[[Row], Row], Callable[[Row], bool]]] = [
    ("C1", "minima", lambda r: {"accuracy": 0.95 + 0.01 * noise(r)}, lambda r: True),
    ("C1", "minima", lambda r: {"accuracy": r["accuracy"] - 0.2}, good),
    ("C1", "minima", lambda r: {"converged": False}, lambda r: r["seed"] > 1),
    ("C1", "minima", lambda r: {"accuracy": 0.61}, lambda r: r["fraction"] == 2),
    ("C2", "minima", lambda r: {"trace": -r["trace"] + 2000}, lambda r: True),
    ("C2", "minima", lambda r: {"lambda_max": 9 + noise(r)}, lambda r: True),
    ("C2", "minima", lambda r: {"frobenius": 9 + noise(r)}, lambda r: True),
    ("C2", "minima", lambda r: {"count": 900 - r["count"]}, lambda r: True),
    ("C2", "minima", lambda r: {"trace": 500 + 0.1 * r["trace"]}, lambda r: True),
    ("C2", "check", lambda r: {"trace_error": 1e-3}, lambda r: True),
    ("C3", "minima", lambda r: {"log_volume_50": noise(r)}, lambda r: True),
    ("C3", "minima", lambda r: {"log_volume_50": -r["log_volume_50"]}, lambda r: True),
    ("C3", "minima", lambda r: {"log_volume_10": noise(r)}, lambda r: True),
    ("C4", "starts", lambda r: {"accuracy": 0.5}, lambda r: r["seed"] == 0),
    ("C4", "starts", lambda r: {"accuracy": 0.85}, lambda r: True),
    ("C4", "starts", lambda r: {"converged": False}, lambda r: r["seed"] == 1),
    ("C4", "starts", lambda r: {"accuracy": 0.88}, lambda r: r["optimiser"] == "gd"),
    ("C4b", "near", lambda r: {"accuracy": 0.9}, lambda r: r["sigma"] == 0.05),
    ("C4b", "minima", lambda r: {"accuracy": 0.6}, good),
    ("C5", "lines", lambda r: {"bad_width": 3.0}, lambda r: r["seed"] < 2),
    ("C5", "lines", lambda r: {"bad_width": 1.9}, lambda r: r["shared"]),
    ("C6", "sizes", lambda r: {"log_volume_50": noise(r)},
     lambda r: r["network"] == "relu:64"),
    ("C7", "minima", lambda r: {"complexity": 9 + noise(r)}, lambda r: True),
    ("C7", "minima", lambda r: {"complexity_ratio": 1.001},
     lambda r: r["seed"] == 3 and bad(r)),
    ("C8", "volumes", lambda r: {"sampled": 0.0}, lambda r: True),
    ("C8", "volumes", lambda r: {"sampled": -r["sampled"]}, lambda r: True),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "stage", "change", "fits"), FALSE)
def test_a_claim_that_is_false_is_not_found(
    claim: str, stage: str, change: Callable[[Row], Row], fits: Callable[[Row], bool]
) -> None:
    assert found(claim, changed(TRUE, stage, change, fits)).word == "not found"


LIMITED: list[tuple[str, str, str, Callable[[Row], Row], Callable[[Row], bool]]] = [
    ("C1", "heals", "entropy", lambda r: {"accuracy": r["accuracy"] + 0.1},
     lambda r: r["protocol"] == "trained on"),
    ("C2", "rescaling", "rescaling", lambda r: {"trace": 2000.0},
     lambda r: r["alpha"] == 10),
    ("C2", "scales", "minima", lambda r: {"balanced_trace": 9 + noise(r)},
     lambda r: True),
    ("C2", "squared loss", "entropy", lambda r: {"trace": -r["trace"]}, lambda r: True),
    ("C3", "across attack", "minima",
     lambda r: {"log_volume_50": -100 * bad(r) - 5 * r["fraction"] - 0.01 * r["seed"]},
     lambda r: True),
    ("C3", "random starts", "within", lambda r: {"log_volume_100": -r["log_volume_100"]},
     lambda r: True),
    ("C4", "standard scale", "scales", lambda r: {"accuracy": 0.6},
     lambda r: r["scale"] == 4),
    ("C4b", "small moves", "near", lambda r: {"accuracy": 0.8, "converged": False},
     lambda r: r["sigma"] == 1 and r["optimiser"] == "gd"),
    ("C5", "one initialisation", "lines", lambda r: {"bad_width": 2.0},
     lambda r: not r["shared"]),
    ("C6", "largest eigenvalue", "sizes", lambda r: {"lambda_max": -r["lambda_max"]},
     lambda r: True),
    ("C6", "which size", "sizes", lambda r: {"log_volume_50": -0.01 * r["seed"]}, good),
    ("C7", "common cause", "within", lambda r: {"frobenius": -r["frobenius"]},
     lambda r: True),
]  # fmt: skip


@pytest.mark.parametrize(("claim", "words", "stage", "change", "fits"), LIMITED)
def test_a_condition_that_is_not_met_is_named(
    claim: str,
    words: str,
    stage: str,
    change: Callable[[Row], Row],
    fits: Callable[[Row], bool],
) -> None:
    finding = found(claim, changed(TRUE, stage, change, fits))
    assert finding.word == "held with conditions"
    assert any(words in text for text in finding.conditions), finding.conditions


def test_few_effective_samples_measure_nothing_and_have_no_interval() -> None:
    table = changed(TRUE, "volumes", lambda r: {"effective_samples": 9.9}, bad)
    finding = found("C8", table)
    assert finding.word == "not measurable here"
    assert all(test.value != test.value for test in finding.statistics)
    assert any("9.9 directions of 64" in text for text in finding.breaks)
    # what another damping has is no matter
    other = changed(
        TRUE, "volumes", lambda r: {"effective_samples": 1.0},
        lambda r: r["damping"] == 0.001,
    )  # fmt: skip
    assert found("C8", other).word == "held"


def test_the_number_of_basins_is_said_not_to_be_measured() -> None:
    assert any("how many basins" in text for text in found("C8", TRUE).breaks)


def test_without_its_stage_a_claim_is_not_run() -> None:
    for claim, about in STATEMENTS.items():
        table = {name: rows for name, rows in TRUE.items() if name != about.stages[0]}
        assert found(claim, table).word == "not run in this preset"
    assert tuple(JUDGES) == tuple(STATEMENTS)


@pytest.mark.parametrize("claim", STATEMENTS)
def test_without_one_converged_network_nothing_is_measured_or_found(claim: str) -> None:
    table = {
        stage: [
            row | {"converged": False} if "converged" in row else row for row in rows
        ]
        for stage, rows in TRUE.items()
    }
    word = found(claim, table | {"lines": [], "volumes": [], "near": []}).word
    # an empty stage was run: what it measured is nothing
    assert word in ("not measurable here", "not found")


def test_a_bound_that_is_broken_is_not_said_to_hold() -> None:
    broken = changed(
        TRUE, "minima", lambda r: {"complexity_ratio": 1.001}, lambda r: r["seed"] == 3
    )
    assert "is met by 20 of 25 minima" in found("C7", broken).sentence
    assert "is met by 25 of 25 minima" in found("C7", TRUE).sentence


def test_the_attack_fraction_stands_beside_every_correlation() -> None:
    for claim in ("C2", "C3", "C6", "C7"):
        notes = " ".join(found(claim, TRUE).notes)
        assert "The attack fraction itself has ρ = -0.9" in notes


def test_networks_that_missed_their_target_are_counted_and_left_out() -> None:
    wild = changed(
        TRUE, "minima", lambda r: {"converged": False, "trace": 1e9, "accuracy": 0.99},
        lambda r: r["seed"] == 0,
    )  # fmt: skip
    finding = found("C2", wild)
    assert finding.word == "held"
    assert any("5 of 25 networks missed a target" in text for text in finding.notes)


def test_a_negative_finding_is_said() -> None:
    table = changed(
        TRUE, "lines", lambda r: {"bad_width": 2.0}, lambda r: not r["shared"]
    )
    assert any("no such difference" in text for text in found("C5", table).breaks)
    noisy = changed(TRUE, "within", lambda r: {"frobenius": -r["frobenius"]})
    assert any("do not go together" in text for text in found("C7", noisy).breaks)
    reversed_sign = [
        row | {"network": "resnet8:group", "lambda_max": -row["lambda_max"]}
        for row in TRUE["sizes"]
    ]
    group = found("C6", TRUE | {"convolutional": reversed_sign})
    assert group.word == "held with conditions"
    assert any("wrong sign: ρ = 1.00" in text for text in group.breaks)
    far = [row | {"residual_share": 0.4} for row in reversed_sign]
    other = found("C6", TRUE | {"convolutional": far})
    assert any("40 % away from the Hessian" in text for text in other.breaks)
    assert not any("away from the Hessian" in text for text in group.breaks)


def test_what_leaves_a_bad_minimum_is_said_and_what_does_not() -> None:
    def said(table: Planted) -> str:
        (text,) = (t for t in found("C4b", table).breaks if "goes on from" in t)
        return text

    text = said(TRUE)
    assert text.index("stays at 0.53 with nothing added") < text.index(
        "it goes to 0.90"
    )
    assert "0.54 with small batches (‖θ‖ 13.0)" in text
    assert text.endswith("0.90 with weight decay 0.01 (‖θ‖ 5.0).")
    still = changed(TRUE, "escape", lambda r: {"accuracy": 0.5})
    assert "it goes to" not in said(still)
    # what diverged is no end
    gone = changed(
        TRUE, "escape", lambda r: {"clean_loss": None, "accuracy": 0.5},
        lambda r: r["treatment"] == "small batches",
    )  # fmt: skip
    assert "small batches" not in said(gone)


def test_the_scale_at_which_starts_break_is_said() -> None:
    broken = changed(
        TRUE, "scales", lambda r: {"accuracy": 0.79}, lambda r: r["scale"] == 4
    )
    (text,) = (t for t in found("C4", broken).breaks if t.startswith("Accuracy by"))
    assert text.endswith("4 is the first to fall below 0.8.")
    (text,) = (t for t in found("C4", TRUE).breaks if t.startswith("Accuracy by"))
    assert text.endswith("none of them falls below 0.8.")


def test_unequal_clean_losses_stand_beside_equal_ones() -> None:
    table = changed(
        TRUE, "entropy", lambda r: {"trace": 18.0 if bad(r) else 1.0},
        lambda r: r["protocol"] == "unmatched",
    )  # fmt: skip
    (text,) = (t for t in found("C2", table).breaks if t.startswith("Under the cross"))
    assert "18.0 times" in text
    ratio = np.mean([r["trace"] for r in TRUE["entropy"] if bad(r)]) / np.mean(
        [r["trace"] for r in TRUE["entropy"] if good(r)]
    )
    assert text.count(f"{ratio:.1f} times") == 2


def test_widths_by_the_weight_norm_are_said_too() -> None:
    (text,) = (
        t for t in found("C5", TRUE).breaks if t.startswith("By the weight norm")
    )
    assert "is 3.00, in 15 of 15 pairs" in text


def test_one_split_stands_beside_the_mean_of_all() -> None:
    table = changed(
        TRUE, "within", lambda r: {"log_volume_100": -r["log_volume_100"]},
        lambda r: r["seed"] == 0,
    )  # fmt: skip
    finding = found("C3", table)
    assert any(
        "among 12 random starts of one data split, the log-volume (k = 100) has ρ = -1.00"
        in text
        for text in finding.breaks
    )
    (text,) = (t for t in finding.breaks if t.startswith("Over 2 such splits"))
    assert "the mean is 0.00" in text
    assert "from -1.00 to 1.00, a standard deviation of 1.41" in text
    # 1/√(n - 1)
    assert "give 0.30 by chance alone" in text
    (test,) = (t for t in finding.statistics if t.name == "volume within good minima")
    assert test.value == pytest.approx(0)


def test_no_end_of_an_interval_decides() -> None:
    """The same rows in clusters that tell an interval nothing: the same words."""
    for claim in STATEMENTS:
        one = found(claim, TRUE)
        lone = {
            stage: [row | {"seed": 0} if "seed" in row else row for row in rows]
            for stage, rows in TRUE.items()
            if stage not in ("within", "starts")
        }
        other = found(claim, TRUE | lone)
        assert other.word == one.word


def test_convolutional_minima_by_the_hessian_are_told_and_what_is_not_measured() -> (
    None
):
    row = {"network": "lenet", "fraction": 0.5, "log_volume_20": 1.25,
           "log_volume_20_gauss_newton": 1.26, "coefficient": 11.2,
           "standard_error": 0.4, "quadratic": 12.8, "regularised_lower": -900.0,
           "regularised_upper": -300.0}  # fmt: skip
    rows = [r | {"network": "lenet"} for r in TRUE["sizes"]]
    notes = " ".join(found("C6", TRUE | {"convolutional": rows, "closer": [row]}).notes)
    assert "log-volume 1.25 (by the Gauss-Newton matrix 1.26)" in notes
    assert "11.2 ± 0.4, in a quadratic bowl 12.8" in notes
    assert "between -900 and -300 nats" in notes
    assert "Not measured for convolutional networks" in notes
    assert "Not measured" not in " ".join(found("C6", TRUE).notes)


def test_the_same_table_gives_the_same_findings() -> None:
    one, two = (
        judge(tuple(STATEMENTS), Evidence(TRUE, seed=3, draws=20)) for _ in range(2)
    )
    assert [f.record() for f in one] == [f.record() for f in two]
