"""commands/derive.py, run as a user runs it."""

import json
from pathlib import Path

import pytest
from support.shell import run

from landtheory import __version__


def test_a_block_is_derived() -> None:
    done = run("derive", "hessian", "--block", "W,b", "--loss", "softmax")
    assert done.returncode == 0, done.stderr
    assert "σ″(z_ik)" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100


@pytest.mark.parametrize("style", ["latex", "numpy", "torch"])
def test_other_formats(style: str) -> None:
    done = run(
        "derive", "ggn", "--block", "b,b", "--activation", "tanh", "--format", style
    )
    assert done.returncode == 0, done.stderr
    assert {"latex": "\\sum", "numpy": "np.einsum", "torch": "torch.einsum"}[
        style
    ] in done.stdout


def test_explicit_size_as_json() -> None:
    done = run(
        "derive",
        "gradient",
        "--size",
        "d=1,m=2",
        "--activation",
        "quadratic",
        "--json",
        "-",
    )
    assert done.returncode == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["settings"]["size"] == {"d": 1, "m": 2}
    assert "∂L/∂W_21" in record["text"]


def test_the_record_says_how_it_was_made(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    done = run(
        "derive", "ggn", "--block", "c,c", "--outputs", "2", "--seed", "7",
        "--no-progress", "--debug", "--json", str(target),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    record = json.loads(target.read_text(encoding="utf-8"))
    assert record["text"] == done.stdout.rstrip("\n")
    del record["text"]
    assert record == {
        "command": "derive",
        "version": __version__,
        "seed": 7,
        "settings": {
            "quantity": "ggn",
            "activation": "undefined",
            "loss": "squared",
            "outputs": 2,
            "block": "c,c",
            "size": None,
            "format": "pretty",
            "quiet": False,
        },
    }


def test_quiet_shows_the_formula_alone() -> None:
    done = run("derive", "gradient", "--block", "b", "--outputs", "1", "--quiet")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "∂L/∂b_k = 1/n A_k Σ_i r_i σ′(z_ik)\n"


def test_sizes_come_in_one_option_or_in_several() -> None:
    options = ("derive", "gradient", "--block", "W", "--quiet")
    done = run(*options, "--size", "d=1", "--size", "m=2,C=1")
    assert done.returncode == 0, done.stderr
    assert done.stdout == run(*options, "--size", "d=1, m=2,C=1").stdout
    assert len(done.stdout.splitlines()) == 2


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("hess",), "is 'hess'; expected one of gradient"),
        (("hessian", "--size", "d=x"), "size is 'd=x'; expected name=number pairs"),
        (
            ("hessian", "--size", "d=999"),
            "expected name=number pairs with numbers from",
        ),
        (("hessian", "--size", "=2"), "size is '=2'; expected name=number pairs"),
        (("hessian", "--size", "d=" + "9" * 5000), "expected name=number pairs"),
        (
            ("hessian", "--size", "d=2,d=3"),
            "size is 'd=2,d=3', which gives d twice; expected each size once",
        ),
        (
            ("hessian", "--size", "d=2", "--size", "d=2"),
            "size is 'd=2,d=2', which gives d twice; expected each size once",
        ),
        (("hessian", "--size", "q=2"), "size is 'q'; expected one of n, d, m, C"),
        (
            ("hessian", "--block", "b,b", "--outputs", "1000000", "--size", "d=2,m=2"),
            "outputs is 1000000; expected at most 20 with a size",
        ),
        (("hessian", "--size", "d=20,m=20"), "writes 194271 products out; expected"),
        (("hessian", "--json", ""), "json is ''; expected a file in an existing fold"),
        (("hessian", "--json", "."), "json is '.'; expected a file in an existing fol"),
        (("hessian", "--activation", "z**2"), "activation is 'z**2'; expected one of"),
        (
            ("hessian", "--outputs", "2", "--loss", "logistic"),
            "outputs is 2; expected 1",
        ),
        ((), "missing argument"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_code_2(
    options: tuple[str, ...], sentence: str
) -> None:
    done = run("derive", *options)
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert sentence in done.stderr
