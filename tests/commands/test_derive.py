"""commands/derive.py, run as a user runs it."""

import json

import pytest
from support.shell import run


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
    assert json.loads(done.stdout)["size"] == {"d": 1, "m": 2}


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("hess",), "is 'hess'; expected one of gradient"),
        (("hessian", "--size", "d=x"), "size is 'd=x'; expected name=number pairs"),
        (
            ("hessian", "--size", "d=999"),
            "expected name=number pairs with numbers from",
        ),
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
