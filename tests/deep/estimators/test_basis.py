"""estimators/basis.py: growth, rotation and orthogonality, by brute force."""

import torch
from support.spectra import seeded

from landtheory.deep.estimators import basis as module
from landtheory.deep.estimators.basis import Basis


def units(p: int, k: int, seed: int = 0) -> torch.Tensor:
    """Orthonormal columns."""
    drawn = torch.randn(p, k, generator=seeded(seed), dtype=torch.float64)
    return torch.linalg.qr(drawn)[0]


def test_it_grows_beyond_its_first_room() -> None:
    U = units(60, 45)
    basis = Basis(U[:, :3])
    for start in range(3, 45, 7):
        basis.append(U[:, start : start + 7])
    assert basis.size == 42
    assert basis.left == 60 - 45
    assert torch.equal(basis.columns, U[:, 3:])


def test_what_is_subtracted_is_what_lies_inside() -> None:
    U = units(20, 8)
    basis = Basis(U[:, :2])
    basis.append(U[:, 2:])
    w = torch.randn(20, 3, generator=seeded(1), dtype=torch.float64)
    inner, rest = basis.subtract(w)
    assert float((inner - U[:, 2:].T @ w).abs().max()) < 1e-14
    assert float((rest - (w - U @ (U.T @ w))).abs().max()) < 1e-14


def test_it_is_rotated_in_place_part_by_part() -> None:
    before = module.CHUNK
    try:
        module.CHUNK = 7
        basis = Basis(torch.empty(20, 0, dtype=torch.float64))
        U = units(20, 9)
        basis.append(U)
        S = units(9, 4, seed=2)
        basis.rotate(S)
    finally:
        module.CHUNK = before
    assert basis.size == 4
    assert float((basis.columns - U @ S).abs().max()) < 1e-14


def test_only_what_is_new_becomes_a_vector() -> None:
    U = units(12, 5)
    basis = Basis(U[:, :1])
    basis.append(U[:, 1:3])
    block = torch.stack([U[:, 0] + U[:, 3], U[:, 1], U[:, 3] + U[:, 4], U[:, 4]]).T
    found = basis.orthonormal(block, limit=1e-10)
    assert found.shape == (12, 2)
    assert float((found.T @ U[:, :3]).abs().max()) < 1e-14
    assert float((found.T @ found - torch.eye(2).double()).abs().max()) < 1e-14
    span = U[:, 3:] @ U[:, 3:].T
    assert float((span @ found - found).abs().max()) < 1e-14


def test_a_block_is_factored_and_rounding_dropped() -> None:
    U = units(12, 6)
    basis = Basis(U[:, :1])
    basis.append(U[:, 1:2])
    columns = [U[:, 2], 3 * U[:, 2] + 1e-7 * U[:, 3], 2 * U[:, 2] + 1e-12 * U[:, 4]]
    w = torch.stack(columns).T
    W, R, lost = basis.factor(w, limit=1e-10)
    assert W.shape == (12, 2)
    assert float((W @ R - w).norm()) <= 2e-12
    assert 0.5e-12 < lost < 2e-12
    assert float((W.T @ W - torch.eye(2).double()).abs().max()) < 1e-14
    assert float((W.T @ U[:, :2]).abs().max()) < 1e-14
