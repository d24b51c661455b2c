"""runs/gauss_residual.py, against the dense matrices of a network of 9 parameters."""

import torch
from torch import nn

from landtheory.deep.operators.operators import (
    GaussNewtonOperator,
    HessianOperator,
    ResidualOperator,
)
from landtheory.deep.randomness import drawing_from
from landtheory.deep.runs.gauss_residual import curvature_ratio
from landtheory.deep.runs.streams import generator_for


def ratio_and_norms(model: nn.Module) -> tuple[dict[str, float], float]:
    X = torch.randn(12, 2, generator=generator_for(0, "X"), dtype=torch.float64)
    data = X, (X[:, 0] > 0).long()
    loss = nn.CrossEntropyLoss()
    identity = torch.eye(HessianOperator(model, loss, data).shape[0]).double()
    F, G = (
        kind(model, loss, data) @ identity
        for kind in (ResidualOperator, GaussNewtonOperator)
    )
    op = HessianOperator(model, loss, data)
    found = curvature_ratio(op, generator=generator_for(0, "probes"))
    return found, float(F.norm() / G.norm())


def network(*layers: nn.Module) -> nn.Module:
    return nn.Sequential(*layers).double()


def test_the_ratio_is_the_dense_one() -> None:
    with drawing_from(generator_for(0, "weights")):
        model = network(nn.Linear(2, 5), nn.Tanh(), nn.Linear(5, 2))
    found, exact = ratio_and_norms(model)
    # at this seed; coverage over seeds is tested with the estimators
    assert found["lower"] <= exact <= found["upper"]
    assert found["lower"] < found["value"] < found["upper"]
    # H in the place of F would be told from it
    assert found["upper"] < 1 + exact or exact > 1


def test_a_linear_network_has_no_residual_part() -> None:
    with drawing_from(generator_for(0, "weights")):
        model = network(nn.Linear(2, 2))
    found, exact = ratio_and_norms(model)
    assert exact < 1e-12
    assert found["value"] < 1e-12
