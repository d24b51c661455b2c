"""commands/spectrum.py, run as a user runs it."""

import json
from pathlib import Path

import numpy as np
import pytest
from support.inline import called
from support.shell import run

from landtheory import __version__
from landtheory.numerics.population.landscape import Landscape


def test_the_table_of_seven_relu_neurons() -> None:
    done = run("spectrum", "population", "--activation", "relu", "--k", "7")
    assert done.returncode == 0, done.stderr
    assert "1/4 - 1/(2π)" in done.stdout
    last = done.stdout.splitlines()[-1]
    assert last == (
        "49 eigenvalues with sum 49/2, the trace; λ_min = 0.0908450569081047, "
        "λ_max = 2.33517333842357"
    )


@pytest.mark.parametrize("activation", ["relu", "erf", "quadratic"])
def test_the_record_holds_the_dense_spectrum(
    capsys: pytest.CaptureFixture[str], activation: str, tmp_path: Path
) -> None:
    target = tmp_path / "spectrum.json"
    done = called(capsys,
        "spectrum", "population", "--activation", activation, "--k", "4", "--d", "6",
        "--json", str(target),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    record = json.loads(target.read_text(encoding="utf-8"))
    assert record["command"] == "spectrum population"
    assert record["version"] == __version__
    assert record["settings"] == {"activation": activation, "k": 4, "d": 6}
    claimed = sorted(
        float(row["decimal"])
        for row in record["eigenvalues"]
        for _ in range(int(row["multiplicity"]))
    )
    V = np.eye(4, 6)
    dense = np.linalg.eigvalsh(Landscape(activation=activation, teacher=V).hessian(V))
    assert np.allclose(claimed, dense, rtol=0, atol=1e-12)
    assert float(record["lambda_max"]) == pytest.approx(dense[-1], rel=1e-12)


def test_sizes_are_symbolic_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    done = called(capsys, "spectrum", "population", "--json", "-")
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["count"] == "d k"
    assert record["for"] == "d = k >= 3"
    found = {row["closed_form"]: row["multiplicity"] for row in record["eigenvalues"]}
    assert found["1/4 - 1/(2π)"] == "k (k - 1)/2"
    assert found["1/(2π) + 1/4"] == "k (k - 3)/2"
    assert found["k/4 + 1/4"] == "d - k"
    assert {row["decimal"] for row in record["eigenvalues"]} == {None}


def test_quiet_shows_the_line_alone(capsys: pytest.CaptureFixture[str]) -> None:
    done = called(
        capsys,
        "spectrum",
        "population",
        "--activation",
        "quadratic",
        "--k",
        "3",
        "--quiet",
    )
    assert done.stdout == (
        "9 eigenvalues with sum 60, the trace; λ_min = 0, λ_max = 20.0000000000000\n"
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--activation", "tanh"), "activation is 'tanh'; expected one of relu, erf"),
        (("--k", "1"), "k is 1; expected an integer from 2 to 1000000 for relu"),
        (("--k", "x"), "invalid value for '--k'"),
        (("--d", "3"), "d is 3 without k; expected both, or neither"),
        (("--k", "4", "--d", "3"), "d is 3; expected an integer from k = 4"),
        (("--json", ""), "json is ''; expected a file in an existing folder, or -"),
    ],
)
def test_bad_input_is_one_sentence(
    capsys: pytest.CaptureFixture[str], options: tuple[str, ...], sentence: str
) -> None:
    done = called(capsys, "spectrum", "population", *options)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
