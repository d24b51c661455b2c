"""theory/lemmas.py: what is trusted, tried on random matrices."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy.special import erf

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


def polar(rng: np.random.Generator) -> bool:
    """The average over the angle, by the midpoint rule, against the formula."""
    theta, u, v = rng.uniform(0.1, 3.0), *rng.uniform(0.5, 2.0, 2)
    phi = (np.arange(20_000) + 0.5) * 2 * np.pi / 20_000
    both = np.maximum(np.cos(phi), 0) * np.maximum(np.cos(phi - theta), 0)

    def primitive(angle: float) -> float:
        return angle * np.cos(theta) / 2 + np.sin(2 * angle - theta) / 4

    ends = primitive(np.pi / 2) - primitive(theta - np.pi / 2)
    # E s² = 2 = ∫ s³ exp(-s²/2) ds for the radius s
    return np.isclose(
        u * v * 2 * both.mean(), u * v * 2 * ends / (2 * np.pi), rtol=1e-6
    )


def gauss(f: Callable[[Matrix, Matrix], Matrix], covariance: Matrix) -> float:
    """E f(z_1, z_2) for a normal pair."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    weights = weights / weights.sum()
    root = np.linalg.cholesky(covariance)
    x, y = np.meshgrid(nodes, nodes, indexing="ij")
    values = f(root[0, 0] * x, root[1, 0] * x + root[1, 1] * y)
    return float(weights @ values @ weights)


def price(rng: np.random.Generator) -> bool:
    a, b = rng.uniform(0.3, 1.5, 2)
    r = rng.uniform(-0.7, 0.7) * np.sqrt(a * b)
    covariance = np.array([[a, r], [r, b]])
    found = gauss(lambda x, y: erf(x / 2**0.5) * erf(y / 2**0.5), covariance)
    formula = 2 / np.pi * np.arcsin(r / np.sqrt((1 + a) * (1 + b)))
    slope = 2 / np.pi / np.sqrt(np.linalg.det(np.eye(2) + covariance))
    h = 1e-5
    nearby = np.arcsin((r + h) / np.sqrt((1 + a) * (1 + b)))
    before = np.arcsin((r - h) / np.sqrt((1 + a) * (1 + b)))
    return np.isclose(found, formula, atol=1e-8) and np.isclose(
        slope, 2 / np.pi * (nearby - before) / (2 * h), rtol=1e-6
    )


def normal_moments(rng: np.random.Generator) -> bool:
    r, rho, theta = rng.uniform(0.5, 2.0, 3)
    covariance = np.array([[1.0, 0.0], [0.0, 1.0]])
    found = gauss(
        lambda x, y: (
            (r * x) ** 2 * (rho * np.cos(theta) * x + rho * np.sin(theta) * y) ** 2
        ),
        covariance,
    )
    return np.isclose(
        found, r**2 * rho**2 * (3 * np.cos(theta) ** 2 + np.sin(theta) ** 2)
    )


def isotropy(rng: np.random.Generator) -> bool:
    """κ = (u·u)(v·v) + (u·v)³ and its gradient in u, turned from a frame."""
    u, v = rng.standard_normal((2, 5))

    def gradient(x: Matrix, y: Matrix) -> Matrix:
        return 2 * (y @ y) * x + 3 * (x @ y) ** 2 * y

    Q = np.linalg.qr(np.stack([u, v, *rng.standard_normal((3, 5))], axis=1))[0].T
    r, rho = np.linalg.norm(u), np.linalg.norm(v)
    cosine = u @ v / (r * rho)
    frame = r * np.eye(5)[0], rho * np.array([cosine, np.sqrt(1 - cosine**2), 0, 0, 0])
    # up to the signs of the two axes
    signs = np.array([np.sign((Q @ u)[0]), np.sign((Q @ v)[1]), 1, 1, 1])
    return np.allclose(gradient(*frame), signs * (Q @ gradient(u, v)))


def derivative_bounds(rng: np.random.Generator) -> bool:
    t = rng.uniform(0, np.pi)
    g, h = np.sin(t) - t * np.cos(t), 1e-6
    ahead, back = (np.sin(s) - s * np.cos(s) for s in (t + h, t - h))
    rate = np.isclose((ahead - back) / (2 * h), t * np.sin(t), atol=1e-8)
    return bool(rate and -1e-15 <= g <= t**3 / 3)


def error_free(rng: np.random.Generator) -> bool:
    """f = relu(w·x) at w = v, over many inputs none of which is on a kink near by."""
    x, v, t = (
        rng.standard_normal((400, 3)),
        rng.standard_normal(3),
        rng.standard_normal(3),
    )
    x = x[np.abs(x @ v) > 1e-2]
    h = 1e-4

    def loss(w: Matrix) -> float:
        return float(np.mean((np.maximum(x @ w, 0) - np.maximum(x @ v, 0)) ** 2) / 2)

    second = (loss(v + h * t) + loss(v - h * t) - 2 * loss(v)) / h**2
    gradients = x * (x @ v > 0)[:, None]
    return np.isclose(second, np.mean((gradients @ t) ** 2), rtol=1e-6)


def invariant_parts(rng: np.random.Generator) -> bool:
    S = rng.standard_normal((5, 5))
    first, second = symmetric(rng, 2), symmetric(rng, 3)
    inner = np.zeros((5, 5))
    inner[:2, :2], inner[2:, 2:] = first, second
    found = np.sort(np.linalg.eigvals(S @ inner @ np.linalg.inv(S)).real)
    parts = np.sort([*eigenvalues(first), *eigenvalues(second)])
    return np.allclose(found, parts, atol=1e-6 * np.linalg.cond(S))


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
    lemmas.POLAR: polar,
    lemmas.PRICE: price,
    lemmas.NORMAL_MOMENTS: normal_moments,
    lemmas.ISOTROPY: isotropy,
    lemmas.DERIVATIVE_BOUNDS: derivative_bounds,
    lemmas.ERROR_FREE: error_free,
    lemmas.INVARIANT_PARTS: invariant_parts,
}


def test_every_lemma_is_tried() -> None:
    named = {getattr(lemmas, name) for name in lemmas.__all__ if name != "Lemma"}
    assert named == set(TRIALS)


@pytest.mark.parametrize("lemma", TRIALS, ids=lambda lemma: lemma.name)
def test_a_lemma_holds_on_random_matrices(lemma: Lemma) -> None:
    rng = np.random.default_rng(7)
    assert all(TRIALS[lemma](rng) for _ in range(50))
