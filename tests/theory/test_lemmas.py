"""theory/lemmas.py: what is trusted, tried on random matrices."""

from collections.abc import Callable

import numpy as np
import pytest

from landtheory.theory import lemmas
from landtheory.theory.lemmas import Lemma

EPS = 1e-10
Matrix = np.ndarray


def symmetric(rng: np.random.Generator, size: int) -> Matrix:
    M = rng.standard_normal((size, size))
    return M + M.T


def eigenvalues(M: Matrix) -> Matrix:
    return np.linalg.eigvalsh(M)[::-1]


def spectral_theorem(rng: np.random.Generator) -> bool:
    B = rng.standard_normal((5, 3))
    M = B @ np.diag([1.0, -2.0, 3.0]) @ B.T
    lam = eigenvalues(M)
    return (
        np.linalg.matrix_rank(M) == (np.abs(lam) > EPS).sum() == 3
        and np.isclose((M**2).sum(), (lam**2).sum())
        and np.isclose(np.linalg.norm(M, 2), np.abs(lam).max())
    )


def block_diagonal(rng: np.random.Generator) -> bool:
    first, second = symmetric(rng, 2), symmetric(rng, 3)
    M = np.zeros((5, 5))
    M[:2, :2], M[2:, 2:] = first, second
    parts = np.sort([*eigenvalues(first), *eigenvalues(second)])[::-1]
    return np.allclose(eigenvalues(M), parts)


def invariant_subspace(rng: np.random.Generator) -> bool:
    U = np.linalg.qr(rng.standard_normal((5, 5)))[0][:, :2]
    T = symmetric(rng, 2)
    parts = np.sort([*eigenvalues(T), 0, 0, 0])[::-1]
    return np.allclose(eigenvalues(U @ T @ U.T), parts)


def gram_spectra(rng: np.random.Generator) -> bool:
    B = rng.standard_normal((3, 5))
    M, N = eigenvalues(B.T @ B), eigenvalues(B @ B.T)
    return np.allclose(M[:3], N) and np.allclose(M[3:], 0) and N[-1] > 0


def rank_of_product(rng: np.random.Generator) -> bool:
    sizes = ((2, 5), (5, 2))
    return all(
        np.linalg.matrix_rank(B.T @ B) <= min(B.shape)
        for B in (rng.standard_normal(size) for size in sizes)
    )


def square_root(rng: np.random.Generator) -> bool:
    B = rng.standard_normal((2, 4))
    lam, Q = np.linalg.eigh(B.T @ B)
    R = (Q * np.sqrt(np.maximum(lam, 0))) @ Q.T
    return np.allclose(R @ R, B.T @ B) and np.allclose(R, R.T)


def factored(rng: np.random.Generator) -> bool:
    u = rng.standard_normal(4)
    away = np.eye(4) - np.outer(u, u) / (u @ u)
    B = rng.standard_normal((6, 4)) @ away
    M = B.T @ B
    lam, Q = np.linalg.eigh(M)
    R = (Q * np.sqrt(np.maximum(lam, 0)))[:, 1:]
    return np.allclose(M @ u, 0) and np.allclose(R @ R.T, M)


def sorted_sum(rng: np.random.Generator) -> bool:
    B = rng.standard_normal((3, 5))
    lam = eigenvalues(B.T @ B)
    places = np.arange(1, 6)
    return bool(
        np.all(places * lam <= np.cumsum(lam) + EPS)
        and np.all(np.cumsum(lam) <= np.trace(B.T @ B) + EPS)
    )


def rayleigh(rng: np.random.Generator) -> bool:
    M, v = symmetric(rng, 4), rng.standard_normal(4)
    v /= np.linalg.norm(v)
    return eigenvalues(M)[0] >= v @ M @ v


def linear_symmetry(rng: np.random.Generator) -> bool:
    """L = Σ_k cos(θ_k) is invariant under signed permutations."""
    M = np.diag(rng.choice([-1.0, 1.0], 4))[rng.permutation(4)]
    theta = rng.standard_normal(4)
    gradient = np.sin(M @ theta)
    before, hessian = np.diag(np.cos(theta)), np.diag(np.cos(M @ theta))
    return (
        np.allclose(gradient, M @ np.sin(theta))
        and np.allclose(hessian, M @ before @ M.T)
        and np.allclose(eigenvalues(hessian), eigenvalues(before))
    )


def congruence(rng: np.random.Generator) -> bool:
    M, D = symmetric(rng, 4), np.diag(rng.uniform(0.5, 2.0, 4))
    N = D @ M @ D
    return ((eigenvalues(M) > 0).sum() == (eigenvalues(N) > 0).sum()) and np.isclose(
        np.linalg.det(N), np.linalg.det(D) ** 2 * np.linalg.det(M)
    )


def independent(rng: np.random.Generator) -> bool:
    Q = np.linalg.qr(rng.standard_normal((5, 5)))[0]
    M = Q[:, 2:] @ symmetric(rng, 3) @ Q[:, 2:].T
    return 5 - np.linalg.matrix_rank(M, tol=EPS) >= 2


def tensor_spaces(rng: np.random.Generator) -> bool:
    C, n, q = 3, 5, 2
    for s, rank in ((1, 9), (2, 12), (4, 15)):
        u, a = rng.standard_normal((n, q)), rng.standard_normal((C, s))
        first = [np.kron(rng.standard_normal(C), u[:, k % q]) for k in range(2 * C * q)]
        other = [np.kron(a[:, k % s], rng.standard_normal(n)) for k in range(2 * n * s)]
        if np.linalg.matrix_rank(np.array(first + other)) != rank:
            return False
        if rank != C * q + min(s, C) * (n - q):
            return False
    return True


def triangle(rng: np.random.Generator) -> bool:
    parts = rng.standard_normal((3, 2, 4))
    return np.linalg.norm(parts.sum(0)) <= sum(map(np.linalg.norm, parts))


TRIALS: dict[Lemma, Callable[[np.random.Generator], bool]] = {
    lemmas.SYMMETRIC_SPECTRUM: spectral_theorem,
    lemmas.BLOCK_DIAGONAL: block_diagonal,
    lemmas.INVARIANT_SUBSPACE: invariant_subspace,
    lemmas.GRAM_SPECTRA: gram_spectra,
    lemmas.RANK_OF_PRODUCT: rank_of_product,
    lemmas.SQUARE_ROOT: square_root,
    lemmas.FACTORED: factored,
    lemmas.SORTED: sorted_sum,
    lemmas.COURANT_FISCHER: rayleigh,
    lemmas.LINEAR_SYMMETRY: linear_symmetry,
    lemmas.CONGRUENCE: congruence,
    lemmas.INDEPENDENT: independent,
    lemmas.TENSOR_SPACES: tensor_spaces,
    lemmas.TRIANGLE: triangle,
}


def test_every_lemma_is_tried() -> None:
    named = {getattr(lemmas, name) for name in lemmas.__all__ if name != "Lemma"}
    assert named == set(TRIALS)


@pytest.mark.parametrize("lemma", TRIALS, ids=lambda lemma: lemma.name)
def test_a_lemma_holds_on_random_matrices(lemma: Lemma) -> None:
    rng = np.random.default_rng(7)
    assert all(TRIALS[lemma](rng) for _ in range(50))
