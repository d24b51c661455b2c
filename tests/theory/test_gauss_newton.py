"""theory/gauss_newton.py: held against Σ J_iᵀ S_i J_i and sums over drawn targets."""

import pytest
import sympy as sp
from support.symbolic import BruteForce, agree, exactly

from landtheory.theory import LOSSES, UNDEFINED, TwoLayerNet
from landtheory.theory.sigma import sigma
from landtheory.theory.symbols import TARGET

SIZES = {"squared": (4, 1, 3, 2), "logistic": (4, 3, 2, 1), "softmax": (4, 1, 2, 3)}


@pytest.mark.parametrize("loss", list(SIZES))
def test_gauss_newton_matrix_is_brute_forces(loss: str) -> None:
    reference = BruteForce(sp.tanh, loss, *SIZES[loss])
    G = TwoLayerNet("tanh", loss).gauss_newton.at(**reference.sizes)
    assert agree(G, reference.gauss_newton())
    assert not agree(G * reference.n, reference.gauss_newton())


@pytest.mark.parametrize("loss", list(SIZES))
def test_fisher_information_is_the_sum_over_drawn_targets(loss: str) -> None:
    reference = BruteForce(sp.tanh, loss, *SIZES[loss])
    fisher = TwoLayerNet("tanh", loss).fisher.at(**reference.sizes)
    assert agree(fisher, reference.fisher())
    assert not agree(2 * fisher, reference.fisher())


@pytest.mark.parametrize("loss", list(SIZES))
def test_the_hessian_is_the_sum_of_its_two_parts(loss: str) -> None:
    net = TwoLayerNet(UNDEFINED, loss)
    for rows in "WbAc":
        for columns in "WbAc":
            parts = [
                net.block(rows, columns, name)
                for name in ("gauss_newton", "residual_hessian")
            ]
            H = net.block(rows, columns)
            assert sp.expand(H - sum(parts)) == 0
            if rows == columns == "W":
                assert parts[0] != H


def test_for_the_squared_loss_fisher_and_gauss_newton_are_one_expression() -> None:
    net = TwoLayerNet(UNDEFINED)
    for rows in "WbAc":
        for columns in "WbAc":
            fisher = net.block(rows, columns, "fisher")
            assert fisher == net.block(rows, columns, "gauss_newton")


def test_the_squared_loss_needs_no_named_output_hessian() -> None:
    G = TwoLayerNet(UNDEFINED).gauss_newton.at(n=2, d=1, m=3, C=4)
    reference = BruteForce(sigma(), "squared", 2, 1, 3, 4)
    assert exactly(G, reference.gauss_newton())


@pytest.mark.parametrize("loss", list(LOSSES))
def test_residual_plus_target_is_free_of_the_target(loss: str) -> None:
    for form in (LOSSES[loss], LOSSES[loss].shown):
        assert TARGET not in sp.expand(form.residual + TARGET).free_symbols
