"""Symmetric matrices with prescribed spectra, for whatever works on their products."""

import torch

__all__ = ["KINDS", "matrix", "seeded"]

KINDS: dict[str, torch.Tensor] = {
    "flat": torch.linspace(-1, 1, 60, dtype=torch.float64),
    "outliers": torch.cat(
        [
            torch.tensor([40.0, 25.0, 11.0, -7.0], dtype=torch.float64),
            torch.linspace(-0.5, 0.8, 66, dtype=torch.float64),
        ]
    ),
    "clusters": torch.cat(
        [
            torch.linspace(9, 9 + 1e-9, 5, dtype=torch.float64),
            torch.linspace(1, 1 + 1e-6, 20, dtype=torch.float64),
            torch.linspace(-2, -2 + 1e-3, 30, dtype=torch.float64),
        ]
    ),
    "multiple": torch.tensor([5.0] * 3 + [2.0] * 7 + [0.0] * 20 + [-1.0] * 25).double(),
    "deficient": torch.cat(
        [
            torch.logspace(-2, 1, 20, dtype=torch.float64),
            torch.zeros(40, dtype=torch.float64),
        ]
    ),
    "wide": torch.logspace(-12, 4, 64, dtype=torch.float64),
    "one": torch.tensor([3.0], dtype=torch.float64),
    "two": torch.tensor([2.0, -5.0], dtype=torch.float64),
    "zero": torch.zeros(9, dtype=torch.float64),
    "identity": torch.ones(9, dtype=torch.float64),
}
"""Eigenvalues by kind, in no particular order."""


def seeded(seed: int) -> torch.Generator:
    """A generator on the CPU."""
    return torch.Generator().manual_seed(seed)


def matrix(eigenvalues: torch.Tensor, *, seed: int = 0) -> torch.Tensor:
    """U diag(λ) Uᵀ with U from the QR factors of a random matrix, made symmetric."""
    p = len(eigenvalues)
    gaussian = torch.randn(p, p, generator=seeded(seed), dtype=torch.float64)
    U, _ = torch.linalg.qr(gaussian)
    A = U @ torch.diag(eigenvalues) @ U.T
    return (A + A.T) / 2
