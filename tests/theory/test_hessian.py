"""theory/hessian.py: held against SymPy's hessian of the explicit loss."""

from collections.abc import Callable

import pytest
import sympy as sp
from support.symbolic import BruteForce, agree, exactly

from landtheory.theory import UNDEFINED, TwoLayerNet
from landtheory.theory.sigma import sigma

SIZES = {"squared": (4, 1, 2, 3), "logistic": (4, 3, 2, 1), "softmax": (4, 1, 2, 3)}
TEXTBOOK = {
    "tanh": sp.tanh,
    "relu": lambda z: sp.Piecewise((z, z > 0), (0, True)),
    "abs": lambda z: sp.Piecewise((z, z > 0), (-z, True)),
    "cubic": lambda z: z**3,
    "gelu": lambda z: z * (1 + sp.erf(z / sp.sqrt(2))) / 2,
    "sigmoid": lambda z: 1 / (1 + sp.exp(-z)),
}


@pytest.mark.parametrize(
    ("activation", "loss"),
    [
        ("tanh", "squared"),
        ("relu", "squared"),
        ("cubic", "logistic"),
        ("sigmoid", "logistic"),
        ("abs", "softmax"),
        ("gelu", "softmax"),
    ],
)
def test_the_hessian_is_brute_forces(activation: str, loss: str) -> None:
    # one hidden unit is enough here: how units mix is held for any σ below
    sizes = (3, 4, 1, 2) if loss == "softmax" else SIZES[loss]
    reference = BruteForce(TEXTBOOK[activation], loss, *sizes)
    H = TwoLayerNet(activation, loss).hessian.at(**reference.sizes)
    assert agree(H, reference.hessian())


def test_the_hessian_for_any_activation_is_brute_forces_exactly() -> None:
    reference = BruteForce(sigma(), "squared", *SIZES["squared"])
    H = TwoLayerNet(UNDEFINED).hessian.at(**reference.sizes)
    assert exactly(H, reference.hessian())


@pytest.mark.parametrize("loss", ["logistic", "softmax"])
def test_with_an_undefined_activation_it_holds_for_the_other_losses(loss: str) -> None:
    reference = BruteForce(sigma(), loss, *SIZES[loss])
    H = TwoLayerNet(UNDEFINED, loss).hessian.at(**reference.sizes)
    assert agree(H, reference.hessian())


def test_all_blocks_are_each_others_transposes() -> None:
    H = TwoLayerNet(UNDEFINED, "softmax").hessian.at(n=1, d=2, m=3, C=4)
    assert exactly(H, H.T)


@pytest.mark.parametrize(
    "mutate",
    [
        pytest.param(lambda H: 3 * H, id="mean forgotten"),
        pytest.param(lambda H: -H, id="sign"),
        pytest.param(lambda H: H[::-1, ::-1], id="order"),
        pytest.param(lambda H: H + sp.eye(H.rows) / 10**40, id="diagonal"),
        pytest.param(lambda H: H[:-1, :-1], id="shape"),
    ],
)
def test_the_comparison_rejects(mutate: Callable[[sp.Matrix], sp.Matrix]) -> None:
    reference = BruteForce(sp.tanh, "squared", 3, 1, 2, 1)
    H = TwoLayerNet("tanh").hessian.at(**reference.sizes)
    assert agree(H, reference.hessian())
    assert not agree(mutate(H), reference.hessian())
    assert not exactly(mutate(H), H)


def test_the_order_of_the_columns_of_the_output_weights_matters() -> None:
    reference = BruteForce(sp.tanh, "squared", 1, 1, 3, 2)
    H = TwoLayerNet("tanh").hessian.at(**reference.sizes)
    rows_first = [*range(6), 6, 8, 10, 7, 9, 11, 12, 13]
    assert agree(H, reference.hessian())
    assert not agree(H.extract(rows_first, rows_first), reference.hessian())
