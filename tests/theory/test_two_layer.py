"""theory/two_layer.py: held against SymPy's own derivatives of the explicit loss."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sympy as sp
from support.symbolic import BruteForce, agree, exactly

from landtheory.errors import InputError
from landtheory.theory import UNDEFINED, TwoLayerNet
from landtheory.theory.sigma import sigma
from landtheory.theory.symbols import PREACTIVATION, C, d, m, n

SIZES = {"squared": (3, 1, 2, 4), "logistic": (3, 4, 2, 1), "softmax": (4, 1, 2, 3)}
TEXTBOOK: dict[str, Callable[[Any], Any]] = {
    "tanh": sp.tanh,
    "relu": lambda z: sp.Piecewise((z, z > 0), (0, True)),
    "softplus": lambda z: sp.log(1 + sp.exp(z)),
    "cubic": lambda z: z**3,
    "gelu": lambda z: z * (1 + sp.erf(z / sp.sqrt(2))) / 2,
}


def brute(activation: str, loss: str) -> BruteForce:
    return BruteForce(TEXTBOOK[activation], loss, *SIZES[loss])


@pytest.mark.parametrize("loss", list(SIZES))
@pytest.mark.parametrize("activation", ["tanh", "relu", "gelu"])
def test_the_gradient_is_brute_forces(activation: str, loss: str) -> None:
    reference = brute(activation, loss)
    net = TwoLayerNet(activation, loss)
    assert agree(net.gradient.at(**reference.sizes), reference.gradient())


def test_output_gram_matrix_and_input_jacobian_are_brute_forces() -> None:
    reference = BruteForce(sigma(), "squared", 2, 3, 4, 1)
    net = TwoLayerNet(UNDEFINED)
    sizes = reference.sizes
    outputs = sp.Matrix([reference.outputs(i) for i in (1, 2)])
    assert exactly(net.output.at(**sizes), outputs)
    assert exactly(net.ntk_gram.at(**sizes), reference.ntk_gram())
    assert exactly(net.input_jacobian.at(**sizes), reference.input_jacobian())


def test_a_gram_matrix_of_several_outputs_is_brute_forces() -> None:
    reference = BruteForce(sigma(), "squared", 2, 1, 3, 4)
    assert exactly(
        TwoLayerNet(UNDEFINED).ntk_gram.at(**reference.sizes), reference.ntk_gram()
    )


@pytest.mark.parametrize("loss", list(SIZES))
def test_blocks_hold_no_piecewise_and_no_delta_inside_a_sum(loss: str) -> None:
    net = TwoLayerNet(UNDEFINED, loss)
    for name in ("hessian", "gauss_newton", "residual_hessian", "fisher"):
        for rows in "WbAc":
            for columns in "WbAc":
                block = net.block(rows, columns, name)
                assert not block.atoms(sp.Piecewise)
                for total in block.atoms(sp.Sum):
                    assert not total.atoms(sp.KroneckerDelta)


def test_a_block_is_written_in_the_symbols_of_the_catalogue() -> None:
    i, k, c = (sp.Symbol(name, integer=True, positive=True) for name in "ikc")
    other = sp.Symbol("k'", integer=True, positive=True)
    z, r, A = (sp.IndexedBase(name, real=True) for name in "zrA")
    slopes = sigma(1)(z[i, k]) * sigma(1)(z[i, other])
    expected = sp.Sum(slopes * A[c, k] * A[c, other], (c, 1, C), (i, 1, n)) / n
    curved = sp.Sum(A[c, k] * r[i, c] * sigma(2)(z[i, k]), (c, 1, C), (i, 1, n))
    expected += sp.KroneckerDelta(k, other) * curved / n
    assert TwoLayerNet(UNDEFINED).hessian.block("b", "b") == expected


def test_trace_and_norm_are_those_of_the_explicit_matrix() -> None:
    net = TwoLayerNet("quadratic", "squared", 1)
    sizes = {"n": 4, "d": 3, "m": 2}
    H = net.hessian.at(**sizes)
    trace = written_out(net, net.trace(), sizes)
    square = written_out(net, net.frobenius_norm() ** 2, sizes)
    assert agree(sp.Matrix([trace]), sp.Matrix([H.trace()]))
    assert agree(sp.Matrix([square]), sp.Matrix([sum(entry**2 for entry in H)]))


def test_expanded_blocks_are_the_explicit_ones() -> None:
    for loss in SIZES:
        net = TwoLayerNet("tanh", loss, None if loss == "logistic" else 3)
        sizes = {"n": 2, "d": 1, "m": 4}
        block = net.hessian.block("b", "c", expanded=True)
        assert {str(item.base) for item in block.atoms(sp.Indexed)} <= set("xWbAcy")
        H = net.hessian.at(**sizes)
        column = H.rows - (net.outputs or 0)
        at = {sp.Symbol("k", integer=True, positive=True): 2}
        at[sp.Symbol("c'", integer=True, positive=True)] = 1
        entry = written_out(net, block.subs(at), sizes)
        assert agree(sp.Matrix([entry]), sp.Matrix([H[4 + 1, column]]))


def written_out(
    net: TwoLayerNet, expression: sp.Expr, sizes: dict[str, int]
) -> sp.Expr:
    """Index notation at given sizes, with scalars for x, y and the parameters."""
    known = {n: sizes["n"], d: sizes["d"], m: sizes["m"], C: net.outputs}
    expression = expression.subs(known).doit()
    meaning = {str(left.base): (left, right) for left, right in net.definitions}
    while named := [
        item for item in expression.atoms(sp.Indexed) if str(item.base) in meaning
    ]:
        replaced = {}
        for item in named:
            left, right = meaning[str(item.base)]
            pairs = zip(left.indices, item.indices, strict=True)
            value = right.subs(dict(pairs), simultaneous=True)
            replaced[item] = value.subs(known).doit()
        expression = expression.xreplace(replaced).doit()
    scalars = {
        item: sp.Symbol(f"{item.base}_{''.join(map(str, item.indices))}", real=True)
        for item in expression.atoms(sp.Indexed)
    }
    return expression.xreplace(scalars)


def test_an_undefined_activation_has_derivatives_one_after_the_other() -> None:
    z = PREACTIVATION
    assert sp.diff(sigma()(z), z) == sigma(1)(z)
    assert sp.diff(sigma()(2 * z), z, 2) == 4 * sigma(2)(2 * z)
    assert UNDEFINED.second == sigma(2)(z)


def test_an_expression_serves_as_activation() -> None:
    s = sp.Symbol("s")
    own, named = TwoLayerNet(s**3), TwoLayerNet("cubic")
    sizes = {"n": 1, "d": 2, "m": 3, "C": 4}
    assert own.hessian.at(**sizes) == named.hessian.at(**sizes)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: TwoLayerNet("tanh", "logistic", 2),
            (
                "outputs is 2; expected 1 for the logistic loss: use softmax for more "
                "classes"
            ),
        ),
        (
            lambda: TwoLayerNet("tanh", "squared", 0),
            "outputs is 0; expected an integer C >= 1",
        ),
        (
            lambda: TwoLayerNet("tanh", "squared", outputs=True),
            "outputs is True; expected an integer C >= 1",
        ),
        (
            lambda: TwoLayerNet("tanh").block("W", "x"),
            "columns is 'x'; expected one of W, b, A, c",
        ),
        (
            lambda: TwoLayerNet("tanh").gradient.block("w"),
            "rows is 'w'; expected one of W, b, A, c",
        ),
        (
            lambda: TwoLayerNet("tanh").trace("K"),
            (
                "matrix is 'K'; expected one of hessian, gauss_newton, residual_hessian, "
                "fisher"
            ),
        ),
        (
            lambda: TwoLayerNet("tanh").hessian.at(n=1, d=1, m=1),
            "C is None; expected an integer >= 1",
        ),
        (
            lambda: TwoLayerNet("tanh").hessian.at(n=0, d=1, m=1, C=1),
            "n is 0; expected an integer >= 1",
        ),
        (
            lambda: TwoLayerNet("tanh", "logistic").ntk_gram.at(n=1, d=1, m=1, C=2),
            "C is 2; expected 1, which the network has",
        ),
    ],
)
def test_bad_arguments_are_refused(call: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        call()
