"""spectrum_report.py: what is said of a record, number by number."""

import io

import numpy as np
from rich.console import Console
from support.records import spectrum_record

from landtheory.spectrum_report import (
    eigenvalue_rows,
    facts,
    head,
    show_spectrum,
    stationarity,
    summary,
    title,
)


def test_each_eigenvalue_says_whether_it_converged() -> None:
    assert eigenvalue_rows(spectrum_record()) == [
        ("1", "2", "1.0e-07", "converged"),
        ("2", "-1", "3.0e-01", "not converged"),
    ]


def test_intervals_say_their_level() -> None:
    found = dict(facts(spectrum_record()))
    assert found["trace"] == "5 in [4.5, 5.5] at 95 %"
    assert found["products"] == "22 (20 eigenvalues, 2 verification)"
    exact = {"value": 5.0, "lower": 5.0, "upper": 5.0, "level": 1.0}
    assert dict(facts(spectrum_record(trace=exact)))["trace"] == (
        "5 (nothing left to chance)"
    )


def test_the_head_and_the_summary() -> None:
    record = spectrum_record()
    assert head(record) == [
        "mlp on digits: p = 1,234, n = 90 of 100, float32 on cpu, 3 epochs",
        "loss 0.5, accuracy 0.7500, gradient norm 0.1",
    ]
    assert title(record) == "Hessian: eigenvalues of largest magnitude"
    assert summary(record) == (
        "1 of 2 eigenvalues converged, the first is 2 ± 1.0e-07, 22 products, seed 7"
    )
    assert "not trained here" in head(spectrum_record(training=None))[0]


def test_stationarity_is_judged_by_what_a_step_gains() -> None:
    record = spectrum_record()
    assert stationarity(record).startswith("stationarity: near a critical point: ")
    record["point"]["gain"] = 0.1
    assert "not near a critical point" in stationarity(record)
    assert "by 0.2 of it" in stationarity(record)
    record["point"]["gain"] = None
    assert "cannot be judged" in stationarity(record)


def test_names_are_no_markup() -> None:
    record = spectrum_record()
    record["network"]["model"] = "[red]x[/blue].py:f"
    record["layers"] = [
        {
            "layer": "[bold]a[/]",
            "p": 3,
            "value": 1.0,
            "bound": 0.1,
            "converged": True,
            "trace": {"value": 1.0, "lower": 1.0, "upper": 1.0, "level": 1.0},
        }
    ]
    stream = io.StringIO()
    show_spectrum(record, {"eigenvalues": np.array([2.0])}, Console(file=stream))
    assert "[red]x[/blue].py:f" in stream.getvalue()
    assert "[bold]a[/]" in stream.getvalue()
    assert "a notice" in stream.getvalue()
