"""commands/falsify.py, run as a user runs it."""

import json
import re
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from support.shell import run

from landtheory.commands.falsify import falsify
from landtheory.errors import InputError

QUICK = ("--budget", "0.2s", "--no-progress")


def test_a_false_claim_is_refuted_and_shown_exactly(tmp_path: Path) -> None:
    target = tmp_path / "test_claim.py"
    done = run(
        "falsify", "Cx <= op(W) * tr(G_bb)", "--activation", "relu",
        "--save-test", str(target), *QUICK,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == (
        "refuted: Cx <= op(W) * tr(G_bb): exact numbers decide (<=, 53 bits)"
    )
    shown = dict(
        line.strip().split(" = ", 1) for line in lines if line.startswith("  ")
    )
    assert set(shown) >= {"X", "W", "b", "A", "c", "r"}
    assert Fraction(shown["left "]) > Fraction(shown["right"])
    assert any("n = 1, d = 1, m = 1, C = 1" in line for line in lines)
    assert f"test written to {target}" in lines
    replayed = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(target)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert replayed.returncode == 0, replayed.stdout
    assert done.stderr == ""


def test_a_true_claim_is_supported_and_no_test_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "test_claim.py"
    options = {"activation": ["leaky_relu"], "loss": ["all"], "save_test": str(target)}
    assert falsify("tr(H) == tr(G)", budget="0.2s", **options) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("supported: tr(H) == tr(G): none of ")
    assert lines[-1] == "no counterexample to replay: no test written"
    assert not target.exists()


def test_json_on_stdout_is_pure_and_repeats_whatever_the_hashes() -> None:
    records = []
    for hashes in ("0", "1"):
        done = run(
            "falsify", "lmin(H) >= 1", "--assume", "interpolation", "--assume", "m <= 2",
            "--activation", "relu,tanh", "--seed", "4", "--json", "-", *QUICK,
            PYTHONHASHSEED=hashes,
        )  # fmt: skip
        assert done.returncode == 1, done.stderr
        record = json.loads(done.stdout)
        # sources may be edited between the two runs
        del record["timing"], record["code_sha256"]
        records.append(record)
    assert records[0] == records[1]
    record = records[0]
    assert record["command"] == "falsify"
    assert record["seed"] == 4
    assert record["hypotheses"] == ["interpolation", "m <= 2"]
    assert record["verdict"] == "refuted"
    assert record["counterexample"]["certified"] is True
    assert all(Fraction(v) == 0 for row in record["counterexample"]["r"] for v in row)


def test_what_does_not_exist_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    code = falsify(
        "Flat <= tr(H)",
        activation=["relu,tanh"],
        loss=["squared", "logistic"],
        outputs=["1,2"],
        budget="0.2s",
    )
    assert code == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("skipped")] == [
        "skipped tanh: Flat is defined for piecewise-linear σ only",
        "skipped logistic with C = 2: the logistic loss has one output",
    ]


def test_what_was_never_met_is_undecided(capsys: pytest.CaptureFixture[str]) -> None:
    options = {"assume": ["L < 0"], "activation": ["tanh"], "budget": "0.2s"}
    assert falsify("L < 0", **options) == 3
    assert capsys.readouterr().out.startswith(
        "undecided: L < 0, assuming L < 0: no instance met what is assumed: L < 0"
    )


BAD = (
    (("Cx",), {}, "claim has no relation; expected one comparison"),
    (("W <= A",), {}, "W <= A has sides of shapes (m, d) and (C, m); expected two"),
    (("L >= 0",), {"assume": ["critcal"]}, "assume is 'critcal'; expected one of inte"),
    (("L >= 0",), {"assume": ["m <= e"]}, "assume has the name 'e'"),
    (
        ("L >= 0",),
        {"loss": ["softmax"], "outputs": ["1"]},
        "expected a network that exists: softmax with C = 1: the softmax loss has",
    ),
    (("L >= 0",), {"outputs": ["0"]}, "outputs is '0'; expected integers from 1 to 16"),
    (("L >= 0",), {"outputs": ["1,x"]}, "outputs is 'x'; expected integers from 1 to"),
    (("L >= 0",), {"outputs": ["1,²"]}, "outputs is '²'; expected integers from 1 to"),
    (("L >= 0",), {"outputs": ["17"]}, "outputs is '17'; expected integers from 1 to"),
    (("L >= 0",), {"activation": ["swish"]}, "activation is 'swish'; expected one of"),
    (("L >= 0",), {"loss": ["hinge"]}, "loss is 'hinge'; expected one of squared"),
    (("L >= 0",), {"budget": "soon"}, "budget is 'soon'; expected a duration"),
    (("L >= 0",), {"json": "/no/such/x"}, "expected a file in an existing folder"),
    (
        ("L >= 0",),
        {"save_test": "claim.txt"},
        "save-test is 'claim.txt'; expected a name ending in .py, in an existing folder",
    ),
    (("L >= 0",), {"save_test": "/no/such/x.py"}, "save-test is '/no/such/x.py'; exp"),
    (("L >= 0",), {"save_test": "x" * 5000 + ".py"}, "expected a name ending in .py"),
    (("L >= 0",), {"save_test": "x\0.py"}, "expected a name ending in .py"),
)


@pytest.mark.parametrize(("given", "options", "sentence"), BAD)
def test_bad_input_is_refused(
    given: tuple[str, ...], options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        falsify(*given, **options)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("__import__('os')",), "landtheory: claim "),
        (
            ("L >= 0", "--assume", "critical", "--loss", "softmax"),
            "assume is 'critical' and loss 'softmax'; expected the squared loss alone",
        ),
        ((), "missing argument 'claim'"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    options: tuple[str, ...], sentence: str
) -> None:
    done = run("falsify", *options)
    assert done.returncode == 2
    assert done.stdout == ""
    assert sentence in done.stderr.lower() or sentence in done.stderr
    assert "Traceback" not in done.stderr


def test_a_caret_stands_under_the_place() -> None:
    done = run("falsify", "Cx <= tr(G_b)")
    first, text, caret = done.stderr.rstrip("\n").splitlines()
    assert first.startswith("landtheory: claim has the name 'G_b'")
    assert text[caret.index("^") : caret.rindex("^") + 1] == "G_b"


def test_no_colour_where_there_is_no_terminal() -> None:
    done = run(
        "falsify", "L < 0", "--activation", "tanh", "--quiet", *QUICK, NO_COLOR="1"
    )
    assert done.returncode == 1
    assert len(done.stdout.strip().splitlines()) == 1
    assert "\x1b" not in done.stdout + done.stderr
