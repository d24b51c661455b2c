"""theory/printing.py: source held against torch.func, texts against worked ones."""

import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import sympy as sp
import torch
from support.references import torch_hessian, torch_loss, torch_output

from landtheory.errors import InputError
from landtheory.theory import ACTIVATIONS, UNDEFINED, Activation, TwoLayerNet
from landtheory.theory.activations import activation_from_expression
from landtheory.theory.printing import FORMATS, QUANTITIES, render

N, D, M = 5, 2, 3
LOSSES = (("squared", 4), ("logistic", 1), ("softmax", 4))
Z = sp.Symbol("z", real=True)
BLOCKS = [(r, c) for place, r in enumerate("WbAc") for c in "WbAc"[place:]]


def by_hand(value: sp.Expr) -> Activation:
    """An activation that has not passed through `activation_from_expression`."""
    return Activation(name="by hand", value=value)


def executed(source: str, module: str) -> dict[str, Any]:
    """What generated source defines; it imports nothing but what it may."""
    allowed = {
        "numpy": {"import math", "import numpy as np", "from scipy import special"},
        "torch": {"import math", "import torch"},
    }[module]
    imports = {line for line in source.splitlines() if re.match("(import|from) ", line)}
    assert imports <= allowed
    space: dict[str, Any] = {}
    exec(source, space)
    return space


class Instance:
    """Random data and parameters, for the source and for torch."""

    def __init__(self, loss: str, C: int, module: str = "numpy") -> None:
        rng = np.random.default_rng(3)
        self.C, self.loss = C, loss
        self.X = rng.standard_normal((N, D))
        self.theta = rng.standard_normal(M * D + M + M * C + C)
        self.Y: Any = {
            "squared": rng.standard_normal((N, C)),
            "logistic": rng.integers(0, 2, N),
            "softmax": rng.integers(0, C, N),
        }[loss]
        t, ends = self.theta, np.cumsum([0, M * D, M, M * C, C])
        self.slices = dict(
            zip("WbAc", (slice(*pair) for pair in pairwise(ends)), strict=True)
        )
        W, b, A, c = (t[self.slices[name]] for name in "WbAc")
        arrays = [self.X, W.reshape(M, D), b, A.reshape(M, C).T, c, self.Y]
        if module == "torch":
            arrays = [torch.tensor(np.ascontiguousarray(a)) for a in arrays]
        self.arguments = arrays

    def agrees(self, candidate: Any, reference: np.ndarray) -> bool:
        value = np.asarray(candidate)
        return value.shape == reference.shape and np.allclose(
            value, reference, rtol=1e-11, atol=1e-12
        )

    def hessian(self, activation: str) -> np.ndarray:
        arguments = (activation, self.loss, self.X, self.Y, M, self.C)
        return np.asarray(torch_hessian(*arguments)(self.theta))

    def jacobian(self, activation: str) -> np.ndarray:
        output = torch_output(activation, self.X, M, self.C)
        J = torch.func.jacrev(output)(torch.tensor(self.theta)).numpy()
        return J.reshape(N * self.C, -1)


@pytest.mark.parametrize("module", ["numpy", "torch"])
@pytest.mark.parametrize("sized", [False, True])
@pytest.mark.parametrize(("loss", "C"), LOSSES)
@pytest.mark.parametrize("activation", ["softplus", "gelu", "leaky_relu"])
def test_generated_hessian_blocks_agree_with_torch(
    activation: str, loss: str, C: int, sized: bool, module: str
) -> None:
    case = Instance(loss, C, module)
    H = case.hessian(activation)
    size = {"d": D, "m": M, "C": C} if sized else None
    net = TwoLayerNet(activation, loss)
    blocks = [("W", "b"), ("b", "A"), ("c", "c")] if sized else BLOCKS
    for rows, columns in blocks:
        source = render(
            net, "hessian", block=f"{rows},{columns}", size=size, format=module
        )
        function = executed(source, module)[f"hessian_{rows}_{columns}"]
        value = function(*case.arguments)
        reference = H[case.slices[rows], case.slices[columns]]
        assert case.agrees(value, reference)
        assert not case.agrees(N * value, reference)
        if rows != columns:
            assert not case.agrees(value.T, reference)


@pytest.mark.parametrize("activation", list(ACTIVATIONS))
def test_every_activation_has_source(activation: str) -> None:
    case = Instance("squared", 4)
    source = render(TwoLayerNet(activation), "hessian", block="W,W", format="numpy")
    value = executed(source, "numpy")["hessian_W_W"](*case.arguments)
    assert case.agrees(value, case.hessian(activation)[case.slices["W"], :][:, : M * D])


@pytest.mark.parametrize("module", ["numpy", "torch"])
@pytest.mark.parametrize("sized", [False, True])
def test_gradient_gram_matrix_and_input_jacobian_agree_with_torch(
    sized: bool, module: str
) -> None:
    case = Instance("softmax", 4, module)
    net = TwoLayerNet("tanh", "softmax")
    size = {"n": N, "d": D, "m": M, "C": 4} if sized else None

    def value(quantity: str) -> dict[str, Any]:
        return executed(render(net, quantity, size=size, format=module), module)

    loss = torch_loss("tanh", "softmax", case.X, case.Y, M, 4)
    gradient = torch.func.grad(loss)(torch.tensor(case.theta)).numpy()
    functions = value("gradient")
    for block in "WbAc":
        found = functions[f"gradient_{block}"](*case.arguments)
        assert case.agrees(found, gradient[case.slices[block]])
    J = case.jacobian("tanh")
    gram = value("ntk-gram")["ntk_gram"](*case.arguments[:-1])
    assert case.agrees(gram, J @ J.T)
    *_, W, b, A, _c = (np.asarray(a) for a in case.arguments[:-1])
    s1 = 1 - np.tanh(case.X @ W.T + b) ** 2
    slopes = np.stack([A @ np.diag(s) @ W for s in s1])
    found = value("input-jacobian")["input_jacobian"](*case.arguments[:-1])
    assert case.agrees(found, slopes)


@pytest.mark.parametrize(("loss", "C"), LOSSES)
def test_generated_parts_of_the_hessian_add_up(loss: str, C: int) -> None:
    case = Instance(loss, C)
    net = TwoLayerNet("silu", loss)
    H = case.hessian("silu")
    for rows, columns in BLOCKS:
        values = {}
        for quantity in ("ggn", "fisher", "residual-hessian"):
            source = render(net, quantity, block=f"{rows},{columns}", format="numpy")
            name = f"{QUANTITIES[quantity]}_{rows}_{columns}"
            given = case.arguments[: 6 if quantity == "residual-hessian" else 5]
            values[quantity] = executed(source, "numpy")[name](*given)
        assert case.agrees(values["fisher"], values["ggn"])
        total = values["ggn"] + values["residual-hessian"]
        assert case.agrees(total, H[case.slices[rows], case.slices[columns]])


def test_source_stays_finite_far_out() -> None:
    for loss, C in LOSSES:
        case = Instance(loss, C)
        arguments = [800 * a for a in case.arguments[:5]] + case.arguments[5:]
        for name in ("sigmoid", "softplus", "silu", "relu"):
            source = render(TwoLayerNet(name, loss), "hessian", format="numpy")
            for key, function in executed(source, "numpy").items():
                if key.startswith("hessian"):
                    assert np.isfinite(function(*arguments)).all()


def test_source_for_a_size_refuses_another() -> None:
    case = Instance("logistic", 1)
    source = render(
        TwoLayerNet("tanh", "logistic"),
        "gradient",
        block="b",
        size={"d": D, "m": M + 1},
        format="numpy",
    )
    with pytest.raises(ValueError, match=re.escape("expected (d, m, C) = (2, 4, 1)")):
        executed(source, "numpy")["gradient_b"](*case.arguments)


@pytest.mark.parametrize("module", ["numpy", "torch"])
def test_source_refuses_a_unit_at_a_kink(module: str) -> None:
    case = Instance("squared", 4, module)
    source = render(TwoLayerNet("relu"), "ggn", block="b,b", format=module)
    function = executed(source, module)["gauss_newton_b_b"]
    X, W, b, A, c, _ = case.arguments
    function(X, W, b, A, c)
    with pytest.raises(ValueError, match=r"^a unit is at a kink$"):
        function(0 * X, W, 0 * b, A, c)


EVIL = "__import__('os').abort()"


@pytest.mark.parametrize("module", ["numpy", "torch"])
def test_the_names_of_a_users_symbols_and_activation_never_reach_the_source(
    module: str,
) -> None:
    evil = sp.Symbol(EVIL, real=True)
    activation = activation_from_expression(evil**2, name=f'"""\n{EVIL}\n"""')
    for size in (None, {"d": 2, "m": 3}):
        source = render(TwoLayerNet(activation), "hessian", size=size, format=module)
        assert "__import__" not in source
        executed(source, module)
    direct = Activation(name="direct", value=evil**3)
    with pytest.raises(InputError, match="expression holds the symbol"):
        render(TwoLayerNet(direct), "hessian", format=module)


def test_pretty_text_is_exactly_this() -> None:
    text = render(TwoLayerNet(UNDEFINED, "softmax"), "hessian", block="W,A")
    assert text == (
        "Hessian H = ∇²L: any σ, mean softmax loss L, C outputs\n"
        "\n"
        "z_ik = Σ_j W_kj x_ij + b_k\n"
        "f_ic = Σ_k A_ck σ(z_ik) + c_c\n"
        "N_i = Σ_c exp(f_ic)\n"
        "p_ic = exp(f_ic)/N_i\n"
        "r_ic = p_ic - y_ic\n"
        "S_ice = δ_ce p_ic - p_ic p_ie\n"
        "\n"
        "∂²L/∂W_kj∂A_c′k′ =\n"
        "    1/n Σ_i Σ_c S_icc′ A_ck σ(z_ik′) σ′(z_ik) x_ij\n"
        "  + 1/n δ_kk′ Σ_i r_ic′ σ′(z_ik) x_ij"
    )


def test_latex_is_exactly_this() -> None:
    text = render(
        TwoLayerNet("relu", "logistic"), "gradient", block="W", format="latex"
    )
    assert text.splitlines()[-2] == (
        r"  \frac{\partial L}{\partial W_{kj}} &= "
        r"\frac{1}{n} A_{k} \sum_{i=1}^{n} r_{i} \sigma'(z_{ik}) x_{ij}"
    )
    assert r"p_{i} &= \frac{e^{f_{i}}}{e^{f_{i}} + 1} \\" in text


def test_a_given_size_writes_its_sums_out() -> None:
    text = render(TwoLayerNet("tanh"), "gradient", block="b", size={"d": 2, "C": 1})
    assert "z_ik = W_k1 x_i1 + W_k2 x_i2 + b_k" in text
    assert text.endswith("∂L/∂b_k = 1/n A_k Σ_i r_i σ′(z_ik)")
    text = render(TwoLayerNet("tanh"), "hessian", block="c,c", size={"n": 2, "C": 3})
    assert [line[-1] for line in text.splitlines()[-6:]] == list("100101")


@pytest.mark.parametrize("quantity", list(QUANTITIES))
@pytest.mark.parametrize("loss", ["squared", "logistic", "softmax"])
def test_text_is_narrow_and_latex_is_balanced(quantity: str, loss: str) -> None:
    for net in (TwoLayerNet(UNDEFINED, loss), TwoLayerNet("gelu", loss)):
        text = render(net, quantity)
        assert max(map(len, text.splitlines())) <= 96
        assert not re.search(r"KroneckerDelta|Sum\(|[a-zA-J]\[i,", text)
        latex = render(net, quantity, format="latex")
        assert latex.isascii()
        assert latex.count("{") == latex.count("}")


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: render(TwoLayerNet("tanh"), "hess"),
            f"quantity is 'hess'; expected one of {', '.join(QUANTITIES)}",
        ),
        (
            lambda: render(TwoLayerNet("tanh"), "hessian", format="html"),
            f"format is 'html'; expected one of {', '.join(FORMATS)}",
        ),
        (
            lambda: render(TwoLayerNet("tanh"), "hessian", block="W"),
            "block is 'W'; expected two of W, b, A, c, such as W,b",
        ),
        (
            lambda: render(TwoLayerNet("tanh"), "gradient", block="X"),
            "block is 'X'; expected one of W, b, A, c, such as W",
        ),
        (
            lambda: render(TwoLayerNet("tanh"), "ntk-gram", block="W"),
            "block is 'W'; expected none: ntk-gram has no blocks",
        ),
        (
            lambda: render(TwoLayerNet("tanh"), "hessian", size={"q": 2}),
            "size is 'q'; expected one of n, d, m, C",
        ),
        (
            lambda: render(TwoLayerNet("tanh"), "hessian", size={"m": 0}),
            "size m is 0; expected an integer from 1 to 20",
        ),
        (
            lambda: render(
                TwoLayerNet("tanh", outputs=10**6),
                "hessian",
                block="b,b",
                size={"d": 2, "m": 2},
            ),
            (
                "outputs is 1000000; expected at most 20 with a size: each output is "
                "then written out, and none without a size"
            ),
        ),
        (
            lambda: render(TwoLayerNet("tanh"), "hessian", size={"d": 20, "m": 20}),
            (
                "size is d = 20, m = 20, which writes 194271 products out; expected at "
                "most 10000: name one block, give fewer or smaller sizes, or use "
                "--format numpy with no size at all for source that fits any"
            ),
        ),
        (
            lambda: render(TwoLayerNet("tanh", "logistic"), "hessian", size={"C": 2}),
            "size C is 2; expected 1, which the network has",
        ),
        (
            lambda: render(TwoLayerNet(UNDEFINED), "hessian", format="numpy"),
            (
                "format is 'numpy' with an undefined activation; expected a definite one: "
                "name it, as in --activation tanh"
            ),
        ),
        (
            lambda: render(
                TwoLayerNet("tanh"), "hessian", size={"C": 2}, format="torch"
            ),
            (
                "size lacks d and m; expected d and m for torch: give both, or no size at "
                "all for source that fits any"
            ),
        ),
        (
            lambda: render(
                TwoLayerNet(by_hand(sp.gamma(Z))), "hessian", format="numpy"
            ),
            (
                "function is 'gamma'; expected one of cos, cosh, exp, log, log1p, sign, "
                "sin, sinh, tan, tanh, Abs, atan, erf, erfc for source code"
            ),
        ),
        (
            lambda: render(
                TwoLayerNet(by_hand(sp.Max(Z, 1))),
                "input-jacobian",
                format="numpy",
            ),
            (
                "function is 'Heaviside'; expected one of cos, cosh, exp, log, log1p, "
                "sign, sin, sinh, tan, tanh, Abs, atan, erf, erfc for source code"
            ),
        ),
        (
            lambda: render(
                TwoLayerNet(by_hand(sp.Max(Z, 1))),
                "gradient",
                block="A",
                format="numpy",
            ),
            (
                "expression holds 'Max'; expected sums, products, powers, cases and known "
                "functions: write it in these for source code"
            ),
        ),
    ],
)
def test_bad_arguments_are_refused(call: Callable[[], str], sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        call()


@pytest.mark.parametrize(
    ("quantity", "style"),
    [
        (quantity, style)
        for quantity in QUANTITIES
        for style in FORMATS
        # source has no entry for each sample, and these two few others
        if quantity not in ("gradient", "input-jacobian") or style in FORMATS[:2]
    ],
)
def test_what_would_take_minutes_is_refused_at_once(quantity: str, style: str) -> None:
    size = {"n": 20, "d": 20, "m": 20, "C": 20}
    with pytest.raises(InputError, match=r"which writes \d+ products out; expected at"):
        render(TwoLayerNet("tanh", "softmax"), quantity, size=size, format=style)


def test_one_block_of_many_outputs_is_written() -> None:
    net = TwoLayerNet("tanh", "softmax", 20)
    text = render(net, "hessian", block="c,c", size={"n": 1, "d": 20, "m": 20})
    assert len(re.findall(r"^∂²L/∂c_", text, re.MULTILINE)) == 210
    unsized = render(TwoLayerNet("tanh", "softmax", 10**6), "hessian", block="b,b")
    assert "1000000 outputs" in unsized


@pytest.mark.parametrize("quantity", list(QUANTITIES))
@pytest.mark.parametrize("loss", ["squared", "logistic", "softmax"])
def test_equations_alone_are_the_end_of_the_whole(quantity: str, loss: str) -> None:
    for name in (UNDEFINED, "gelu", "relu"):
        net = TwoLayerNet(name, loss)
        text = render(net, quantity)
        alone = render(net, quantity, definitions=False)
        assert text.endswith("\n\n" + alone)
        assert not re.search(r"^(σ|[zfNprS]_)", alone, re.MULTILINE)
        assert re.match(r"∂|G\[|F\[|K\[|Fisher\[", alone)
        latex = render(net, quantity, format="latex")
        alone = render(net, quantity, format="latex", definitions=False)
        assert latex.endswith(alone.removeprefix("\\begin{align*}"))
        assert alone.count("&=") == latex.count("&=") - len(
            re.findall(r"^  (\\sigma|[zfNprS]_)", latex, re.MULTILINE)
        )
    source = render(TwoLayerNet("relu", loss), quantity, format="numpy")
    assert source == render(
        TwoLayerNet("relu", loss), quantity, format="numpy", definitions=False
    )


@pytest.mark.parametrize(
    ("name", "pretty", "latex"),
    [
        ("relu", "1 if z > 0, 0 if z < 0", r"0 & \text{for}\: z < 0"),
        ("abs", "1 if z > 0, -1 if z < 0", r"-1 & \text{for}\: z < 0"),
        ("leaky_relu", "1 if z > 0, 1/100 if z < 0", r"\frac{1}{100} & \text{for}\: z"),
    ],
)
def test_a_derivative_has_no_value_at_a_kink(
    name: str, pretty: str, latex: str
) -> None:
    net = TwoLayerNet(name)
    assert f"\nσ′(z) = {pretty}\n" in render(net, "gradient", block="b")
    text = render(net, "gradient", block="b", format="latex")
    (line,) = (row for row in text.splitlines() if r"\sigma'(z) &=" in row)
    assert latex in line
    assert "otherwise" not in line


def test_cases_between_two_kinks_and_at_none() -> None:
    s = sp.Symbol("s", real=True)
    hard = activation_from_expression(sp.Max(-1, sp.Min(1, s)))
    text = render(TwoLayerNet(hard), "gradient", block="b")
    assert "σ(z) = -1 if z < -1, z if z < 1, else 1\n" in text
    assert "σ′(z) = 0 if z < -1, 1 if z > -1 and z < 1, 0 if z > 1\n" in text
    smooth = activation_from_expression(s + sp.Max(0, s) ** 3)
    text = render(TwoLayerNet(smooth), "gradient", block="b")
    assert "σ′(z) = 1 if z < 0, else 3 z² + 1\n" in text


def test_denominators_have_brackets_only_where_needed() -> None:
    text = render(TwoLayerNet("gelu"), "gradient", block="b")
    assert "σ′(z) = √2 z exp(-z²/2)/(2 √π) + erf(√2 z/2)/2 + 1/2\n" in text
    text = render(TwoLayerNet("sigmoid"), "gradient", block="b")
    assert "σ′(z) = exp(-z)/(1 + exp(-z))²\n" in text
