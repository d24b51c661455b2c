"""estimators/krylov.py: Ritz pairs of small matrices, against their definition."""

import torch
from support.spectra import KINDS, matrix, seeded

from landtheory.deep.estimators.complement import grow
from landtheory.deep.estimators.krylov import ritz_pairs
from landtheory.deep.operators.linear import as_operator


def test_ritz_pairs_are_eigenpairs_in_descending_order() -> None:
    T = matrix(torch.tensor([3.0, -1.0, 7.0, 2.0]).double())
    B = torch.ones(2, 4, dtype=torch.float64)
    found = ritz_pairs(T, B, 0.25)
    assert (
        float((found.values - torch.tensor([7.0, 3.0, 2.0, -1.0])).abs().max()) < 1e-14
    )
    assert float((T @ found.vectors - found.vectors * found.values).abs().max()) < 1e-14
    expected = (B @ found.vectors).norm(dim=0) + 0.25
    assert torch.equal(found.bounds, expected)


def test_a_krylov_space_knows_a_but_for_its_complement() -> None:
    A = matrix(KINDS["outliers"])
    k = grow(as_operator(A), 9, seeded(0))
    assert k.dimension == k.products == 9
    assert k.dropped == 0
    assert k.asymmetry < 1e-13
    rest = A @ k.basis - k.basis @ k.projection - k.residual @ k.coupling
    assert float(rest.norm()) < 1e-13 * float(A.norm())
    ritz = k.ritz()
    y = k.basis @ ritz.vectors
    residuals = (A @ y - y * ritz.values).norm(dim=0)
    assert float((residuals - ritz.bounds).abs().max()) < 1e-13 * float(A.norm())
