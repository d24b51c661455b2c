"""runs/structure.py: against dense blocks of the Hessian, and traces of dense parts of G."""

from typing import Any

import pytest
import torch
from support.networks import NETWORKS, dense_gauss_newton, dense_hessian, identity
from support.spectrum import settings

from landtheory.deep.operators.classes import decompose_classes
from landtheory.deep.operators.operators import GaussNewtonOperator, HessianOperator
from landtheory.deep.runs.journal import JournaledOperator
from landtheory.deep.runs.structure import class_structure, layers
from landtheory.deep.runs.values import Wanted

CASE = NETWORKS["tanh"]()
DATA = (CASE.inputs, CASE.targets)


def wanted(**changes: Any) -> Wanted:
    op = HessianOperator(CASE.model, CASE.loss, DATA, batch_size=3)
    nothing: Any = None
    seen = JournaledOperator(op, None, "hessian")
    return Wanted(settings(tol=1e-8, **changes), nothing, op, seen, None, nothing)


RANKS = {"classes": 2, "cross_classes": 2}
"""Two labels occur; of the C - 1 = 2 pairs of each, the deviations add up to 0."""


class Steps:
    """Where progress stood, last."""

    def __init__(self) -> None:
        self.last = (0, 0)

    def __call__(self, done: int, of: int) -> None:
        assert done >= self.last[0]
        self.last = (done, of)


def test_what_is_not_wanted_is_not_made() -> None:
    given, steps = wanted(), Steps()
    assert layers(given, steps) is None
    assert class_structure(given, steps) is None
    assert given.op.products == 0
    assert steps.last == (0, 0)


def test_layers_are_the_diagonal_blocks() -> None:
    steps, H = Steps(), dense_hessian(CASE)
    given = wanted(layers=True)
    part = layers(given, steps)
    assert part is not None
    rows = part.entries["layers"]
    assert [(row["layer"], row["p"]) for row in rows] == [
        ("0", 25),
        ("2", 24),
        ("4", 15),
    ]
    exact = []
    for row, place in zip(rows, given.op.parameters.layers.values(), strict=True):
        block = H[place, place]
        values = torch.linalg.eigvalsh(block)
        largest = float(values[values.abs().argmax()])
        exact.append(largest)
        assert row["converged"]
        assert row["value"] == pytest.approx(largest, rel=1e-8)
        trace = row["trace"]
        assert trace["lower"] <= float(block.trace()) <= trace["upper"]
        # an interval that says something: another layer's trace is not in it
        assert trace["upper"] - trace["lower"] < 0.5 * float(values.abs().sum())
    # no two of them would pass for one another
    assert min(abs(a - b) for a in exact for b in exact if a != b) > 1e-3
    # at full length
    assert part.arrays["layer_eigenvalues"].dtype == "float64"
    assert part.arrays["layer_eigenvalues"].tolist() == [row["value"] for row in rows]
    assert steps.last == (3, 3)
    assert part.products > 3 * 5


def test_class_structure_has_the_traces_and_factors_of_the_four_parts() -> None:
    steps, G = Steps(), dense_gauss_newton(CASE)
    part = class_structure(wanted(classes=True), steps)
    assert part is not None
    found = part.entries["class_structure"]
    split = decompose_classes(GaussNewtonOperator(CASE.model, CASE.loss, DATA))
    dense = {
        name: getattr(split, name) @ identity(64)
        for name in ("classes", "cross_classes", "within", "own")
    }
    total = 0.0
    for name, matrix in dense.items():
        trace = found[name]["trace"]
        exact = float(matrix.trace())
        slack = 1e-9 * abs(exact)
        assert trace["lower"] - slack <= exact <= trace["upper"] + slack
        assert trace["value"] == pytest.approx(exact, rel=0.05)
        total += exact
    assert total == pytest.approx(float(G.trace()), rel=1e-10)
    for name in ("classes", "cross_classes"):
        values = torch.linalg.eigvalsh(dense[name]).flip(0)
        stored = torch.from_numpy(part.arrays[f"{name}_eigenvalues"])
        rows = len(stored)
        assert torch.allclose(stored, values[:rows], rtol=1e-9, atol=1e-12)
        assert float(values[rows:].abs().max()) < 1e-12
        # not the number of rows: the deviations of a class add up to 0
        assert found[name]["rank"] == int((values > 1e-12).sum()) == RANKS[name]
        assert found[name]["largest"] == pytest.approx(float(values[0]), rel=1e-10)
        assert found[name]["trace"]["lower"] == found[name]["trace"]["upper"]
    assert part.products >= 2 * 10
