"""theory/complexity.py: held against the squared norm of the brute-force Jacobian."""

import sympy as sp
from support.symbolic import BruteForce, exactly

from landtheory.theory import UNDEFINED, TwoLayerNet
from landtheory.theory.sigma import sigma


def test_complexity_is_the_mean_squared_norm_of_the_input_jacobian() -> None:
    reference = BruteForce(sigma(), "squared", 2, 3, 4, 1)
    Cx = TwoLayerNet(UNDEFINED).complexity.at(**reference.sizes)
    slopes = reference.input_jacobian()
    expected = sp.Matrix([sum(entry**2 for entry in slopes) / 2])
    assert exactly(Cx, expected)
    assert not exactly(2 * Cx, expected)


def test_several_outputs_are_summed() -> None:
    reference = BruteForce(sigma(), "squared", 3, 1, 2, 4)
    slopes = reference.input_jacobian()
    expected = sp.Matrix([sum(entry**2 for entry in slopes) / 3])
    assert exactly(TwoLayerNet(UNDEFINED).complexity.at(**reference.sizes), expected)
