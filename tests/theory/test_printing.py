"""theory/printing.py: generated source held against torch.func; texts read back."""

import re
from typing import Any

import numpy as np
import pytest
import torch
from support.references import torch_hessian, torch_output

from landtheory.errors import InputError
from landtheory.theory import UNDEFINED, TwoLayerNet
from landtheory.theory.printing import render

N, D, M = 5, 2, 3
LOSSES = (("squared", 2), ("logistic", 1), ("softmax", 4))


def executed(source: str, name: str) -> Any:
    """The function that generated source defines."""
    space: dict[str, Any] = {}
    exec(source, space)
    return space[name]


def data(loss: str, C: int) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(3)
    X = rng.standard_normal((N, D))
    theta = rng.standard_normal(M * D + M + M * C + C)
    if loss == "squared":
        Y: np.ndarray = rng.standard_normal((N, C))
        T = Y
    elif loss == "logistic":
        Y = rng.integers(0, 2, N)
        T = Y[:, None].astype(float)
    else:
        Y = rng.integers(0, C, N)
        T = np.eye(C)[Y]
    return X, theta, Y, T


def arguments(X: np.ndarray, theta: np.ndarray, T: np.ndarray, C: int) -> list[Any]:
    W = theta[: M * D].reshape(M, D)
    b = theta[M * D : M * D + M]
    A = theta[M * D + M : -C].reshape(M, C).T
    return [X, W, b, A, theta[-C:], T]


@pytest.mark.parametrize("style", ["numpy", "torch"])
@pytest.mark.parametrize(("loss", "C"), LOSSES)
@pytest.mark.parametrize("activation", ["softplus", "gelu"])
def test_generated_blocks_agree_with_torch(
    activation: str, loss: str, C: int, style: str
) -> None:
    X, theta, Y, T = data(loss, C)
    H = torch_hessian(activation, loss, X, Y, M, C)(theta)
    given = arguments(X, theta, T, C)
    if style == "torch":
        given = [torch.tensor(np.array(a)) for a in given]
    net = TwoLayerNet(activation, loss)
    columns = [M * D + M + k * C + c for c in range(C) for k in range(M)]
    expected = {
        "W,W": H[: M * D, : M * D].reshape(M, D, M, D),
        "W,b": H[: M * D, M * D : M * D + M].reshape(M, D, M),
        "b,A": H[M * D : M * D + M, columns].reshape(M, C, M),
        "c,c": H[-C:, -C:],
    }
    for block, reference in expected.items():
        source = render(net, "hessian", block=block, format=style)
        value = executed(source, "hessian_" + block.replace(",", "_"))(*given)
        assert np.allclose(np.asarray(value), reference, rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize(("loss", "C"), LOSSES)
def test_generated_fisher_is_the_generated_gauss_newton(loss: str, C: int) -> None:
    X, theta, _, T = data(loss, C)
    net = TwoLayerNet("tanh", loss)
    values = [
        executed(render(net, what, block="W,A", format="numpy"), f"{name}_W_A")(
            *arguments(X, theta, T, C)
        )
        for what, name in (("ggn", "gauss_newton"), ("fisher", "fisher"))
    ]
    assert np.allclose(values[0], values[1], rtol=1e-12, atol=1e-14)


def test_generated_gram_agrees_with_torch() -> None:
    X, theta, _, T = data("squared", 2)
    output = torch_output("tanh", X, M, 2)
    J = torch.func.jacrev(output)(torch.tensor(theta)).numpy().reshape(2 * N, -1)
    source = render(TwoLayerNet("tanh"), "ntk-gram", format="numpy")
    value = executed(source, "ntk_gram")(*arguments(X, theta, T, 2))
    assert np.allclose(value.reshape(2 * N, 2 * N), J @ J.T, rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("style", ["numpy", "torch"])
def test_explicit_source_agrees_with_torch(style: str) -> None:
    net = TwoLayerNet("silu", "squared", outputs=1)
    sizes = {"n": 2, "d": 1, "m": 2}
    source = render(net, "hessian", block="W,W", size=sizes, format=style)
    function = executed(source, "hessian_W_W")
    rng = np.random.default_rng(0)
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    values = dict(zip(names, rng.standard_normal(len(names)), strict=True))
    X = np.array([[values["x_11"]], [values["x_21"]]])
    Y = np.array([[values["t_11"]], [values["t_21"]]])
    theta = np.array(
        [values[k] for k in ("W_11", "W_21", "b_1", "b_2", "A_11", "A_12", "c_1")]
    )
    H = torch_hessian("silu", "squared", X, Y, 2, 1)(theta)
    given = (
        {k: torch.tensor(v) for k, v in values.items()} if style == "torch" else values
    )
    assert np.allclose(np.asarray(function(**given)), H[:2, :2], rtol=1e-11, atol=1e-13)


def test_pretty_text_is_narrow_and_complete() -> None:
    text = render(TwoLayerNet(UNDEFINED, "softmax"), "hessian")
    assert max(map(len, text.splitlines())) <= 100
    for block in ("WW", "Wb", "WA", "Wc", "bb", "bA", "bc", "AA", "Ac", "cc"):
        assert f"H_{block}[" in text
    assert "H_cc[c, c'] =\n    (1/n) Σ_i S_icc'" in text


def test_latex_has_no_raw_unicode_and_balanced_braces() -> None:
    for quantity in ("hessian", "gradient", "ntk-gram", "input-jacobian", "fisher"):
        text = render(TwoLayerNet(UNDEFINED, "logistic"), quantity, format="latex")
        assert "σ" not in text
        assert text.count("{") == text.count("}")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"quantity": "hess"}, "quantity is 'hess'; expected one of gradient"),
        ({"format": "html"}, "format is 'html'; expected one of pretty"),
        ({"block": "W"}, "block is 'W'; expected 2 of W, b, A, c, such as W,b"),
        ({"block": "W,X"}, "block is 'W,X'; expected 2 of W, b, A, c, such as W,b"),
        ({"quantity": "ntk-gram", "block": "W"}, "block is 'W'; expected none: ntk"),
        ({"size": {"q": 2}}, "size is 'q'; expected one of n, d, m, C"),
        ({"format": "numpy"}, "activation is 'undefined'; expected a named"),
    ],
)
def test_bad_arguments_are_refused(options: dict[str, Any], sentence: str) -> None:
    quantity = options.pop("quantity", "hessian")
    with pytest.raises(InputError, match=re.escape(sentence)):
        render(TwoLayerNet(UNDEFINED), quantity, **options)
