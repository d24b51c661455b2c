"""estimators/lanczos.py: its defining identity, on matrices whose spectra are prescribed."""

import re
from collections.abc import Callable

import pytest
import torch
from support.spectra import KINDS, matrix, seeded

from landtheory.deep.estimators.lanczos import Lanczos
from landtheory.deep.estimators.probes import draw
from landtheory.deep.operators.linear import as_operator
from landtheory.errors import InputError

EPS = torch.finfo(torch.float64).eps
Maker = Callable[[torch.Tensor, torch.Tensor, torch.Generator], Lanczos]


def grown(
    A: torch.Tensor, steps: int, *, block: int = 1, make: Maker | None = None
) -> Lanczos:
    """A run of at most so many steps, from a random block."""
    generator = seeded(1)
    start = torch.randn(A.shape[0], block, generator=generator, dtype=torch.float64)
    make = make or (lambda A, v, generator: Lanczos(A, v, generator=generator))
    run = make(A, start, generator)
    for _ in range(steps):
        if not run.exhausted:
            run.step()
    return run


def identity_gap(A: torch.Tensor, run: Lanczos) -> float:
    """‖A Q - Q T - W B‖ over ‖A‖."""
    k = run.krylov()
    rest = A @ k.basis - k.basis @ k.projection - k.residual @ k.coupling
    return float(rest.norm()) / max(float(A.norm()), 1e-300)


def orthogonality_gap(run: Lanczos) -> float:
    """‖(Q, W)ᵀ(Q, W) - I‖."""
    Q = torch.cat([run.basis, run.pending], dim=1)
    return float((Q.T @ Q - torch.eye(Q.shape[1], dtype=torch.float64)).norm())


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("block", [1, 3])
def test_the_lanczos_identity_and_orthogonality_hold(kind: str, block: int) -> None:
    A = matrix(KINDS[kind])
    for steps in (1, 7, 40, 100):
        run = grown(A, steps, block=min(block, len(A)))
        j = run.basis.shape[1]
        assert j <= len(A)
        assert identity_gap(A, run) <= 64 * EPS * j
        assert orthogonality_gap(run) <= 8 * EPS * j
        assert torch.equal(run.projection, run.projection.T)
        if kind == "zero":
            assert run.scale == 0


def test_one_vector_gives_a_tridiagonal_matrix() -> None:
    run = grown(matrix(KINDS["outliers"]), 12)
    T = run.projection
    expected = torch.diag(run.diagonal)
    expected += torch.diag(run.off_diagonal, 1) + torch.diag(run.off_diagonal, -1)
    assert torch.equal(T, expected)
    assert bool((run.off_diagonal > 0).all())
    last = run.residual[:, 0]
    q = run.basis[:, -1]
    A = matrix(KINDS["outliers"])
    rest = A @ q - run.basis @ (run.basis.T @ (A @ q))
    assert float((last - rest).norm()) <= 1e-14 * float(A.norm())


def keeps_its_basis(make: Maker) -> bool:
    """Whether the basis stays orthonormal while outliers converge."""
    A = matrix(torch.cat([KINDS["outliers"], 1e3 * torch.ones(1).double()]))
    try:
        run = grown(A, 40, make=make)
    except InputError:
        return False
    return orthogonality_gap(run) <= 1e-12 and identity_gap(A, run) <= 1e-12


class ThreeTerms(Lanczos):
    """Without reorthogonalisation: only the last two vectors are subtracted."""

    def absorb(self, product: torch.Tensor) -> None:
        self.products += 1
        self.scale = max(self.scale, float(product.norm()))
        self._append()
        near = self.basis[:, -2:]
        inner = near.T @ product
        first = torch.zeros(self.basis.shape[1], 1, dtype=torch.float64)
        first[-2:] = inner
        self._T[-1, -1] = inner[-1, 0]
        self._next(product - near @ inner)


class OnePass(Lanczos):
    """With one pass of Gram-Schmidt in place of two."""

    def absorb(self, product: torch.Tensor) -> None:
        self.products += 1
        self.scale = max(self.scale, float(product.norm()))
        self._append()
        first, w = self._basis.subtract(product)
        self._project(first, torch.zeros_like(first))
        self._next(w)


class LostNorm(Lanczos):
    """With a residual vector that is not normalised."""

    def _next(self, w: torch.Tensor) -> None:
        super()._next(w)
        self.pending = w


@pytest.mark.parametrize("mutant", [ThreeTerms, OnePass, LostNorm])
def test_the_comparison_rejects(mutant: type[Lanczos]) -> None:
    assert keeps_its_basis(lambda A, v, g: Lanczos(A, v, generator=g))
    assert not keeps_its_basis(lambda A, v, g: mutant(A, v, generator=g))


@pytest.mark.parametrize("kind", ["flat", "outliers", "clusters", "wide", "multiple"])
@pytest.mark.parametrize("block", [1, 2])
def test_an_eigenvalue_lies_within_every_ritz_bound(kind: str, block: int) -> None:
    A = matrix(KINDS[kind])
    exact = torch.linalg.eigvalsh(A)
    for steps in (3, 8, 20):
        ritz = grown(A, steps, block=block).ritz()
        gaps = (ritz.values[:, None] - exact).abs().min(dim=1).values
        slack = len(A) * EPS * float(exact.abs().max())
        assert bool((gaps <= ritz.bounds + slack).all())
        assert bool((ritz.values.diff() <= 0).all())
        # and the bounds are the residuals themselves
        run = grown(A, steps, block=block)
        y = run.basis @ run.ritz().vectors
        residuals = (A @ y - y * ritz.values).norm(dim=0)
        assert float((residuals - ritz.bounds).abs().max()) <= 8 * slack


def test_multiple_eigenvalues_are_found_after_breakdowns() -> None:
    A = matrix(KINDS["multiple"])
    run = grown(A, 55)
    assert run.breakdowns > 3
    ritz = run.ritz()
    assert float((ritz.values[:3] - 5).abs().max()) < 1e-13
    assert float((ritz.values[3] - 2).abs()) < 1e-13
    assert float(ritz.bounds[:4].max()) < 1e-13


@pytest.mark.parametrize("kind", ["identity", "zero", "one", "two"])
def test_small_and_scalar_matrices_are_exhausted(kind: str) -> None:
    eigenvalues = KINDS[kind]
    run = grown(matrix(eigenvalues), 20)
    assert run.exhausted
    assert run.products == len(eigenvalues)
    expected = eigenvalues.sort(descending=True).values
    assert float((run.ritz().values - expected).abs().max()) <= 16 * EPS * 5
    assert float(run.ritz().bounds.max()) <= 16 * EPS * 5
    assert float(run.residual.abs().max()) == 0


def test_without_a_generator_a_breakdown_is_the_end() -> None:
    A = matrix(torch.tensor([4.0, 1.0, 1.0, 1.0]).double())
    run = Lanczos(A, torch.ones(4, dtype=torch.float64))
    for _ in range(2):
        run.step()
    assert run.exhausted
    assert run.breakdowns == 1
    assert run.basis.shape[1] == 2


def test_the_last_segment_is_what_was_grown_since_the_breakdown() -> None:
    A = matrix(torch.tensor([4.0, 4.0, 1.0, 1.0, 1.0]).double())
    run = grown(A, 2)
    assert run.breakdowns == 1
    assert len(run.segment().values) == 2
    run.step()
    assert len(run.segment().values) == 1
    run.step()
    assert run.breakdowns == 2
    assert float((run.segment().values - torch.tensor([4.0, 1.0])).abs().max()) < 1e-13
    assert run.ritz().values.tolist() == sorted(run.ritz().values.tolist())[::-1]


@pytest.mark.parametrize("kind", ["outliers", "wide", "multiple"])
def test_a_restart_keeps_the_identity_and_the_wanted_values(kind: str) -> None:
    A = matrix(KINDS[kind])
    run = grown(A, 20)
    before = run.ritz()
    run.restart(before.vectors[:, :6])
    assert run.basis.shape[1] == 6
    assert identity_gap(A, run) <= 1e-13
    assert orthogonality_gap(run) <= 1e-13
    kept = run.ritz()
    scale = float(before.values.abs().max())
    assert float((kept.values - before.values[:6]).abs().max()) <= 1e-14 * scale
    for _ in range(5):
        run.step()
    assert identity_gap(A, run) <= 1e-13
    assert orthogonality_gap(run) <= 1e-13
    assert float(run.ritz().values[0]) >= float(before.values[0]) - 1e-14 * scale


def test_widening_adds_a_vector_without_coupling() -> None:
    A = matrix(KINDS["outliers"])
    run = grown(A, 10)
    run.widen(draw(as_operator(A), 1, seeded(9)))
    assert run.pending.shape == (len(A), 2)
    assert identity_gap(A, run) <= 1e-14
    run.step()
    assert identity_gap(A, run) <= 1e-14
    assert orthogonality_gap(run) <= 1e-14
    assert run.basis.shape[1] == 12


def test_against_a_basis_the_complement_is_seen() -> None:
    A = matrix(KINDS["outliers"])
    _, U = torch.linalg.eigh(A)
    F = U[:, -2:]
    run = Lanczos(A, torch.ones(len(A)).double(), against=F)
    for _ in range(60):
        run.step()
    assert float((F.T @ run.basis).abs().max()) <= 1e-14
    assert abs(float(run.ritz().values[0]) - 11) <= 1e-12
    for _ in range(20):
        if not run.exhausted:
            run.step()
    assert run.basis.shape[1] <= len(A) - 2


@pytest.mark.parametrize("kind", ["outliers", "multiple", "wide"])
@pytest.mark.parametrize("block", [1, 2])
def test_a_resumed_run_equals_an_uninterrupted_one(kind: str, block: int) -> None:
    A = matrix(KINDS[kind])
    whole = grown(A, 25, block=block)
    for stop in (0, 1, 9):
        part = grown(A, stop, block=block)
        copied = {name: value.clone() for name, value in part.state().items()}
        run = Lanczos.resume(A, copied)
        for _ in range(25 - stop):
            if not run.exhausted:
                run.step()
        assert torch.equal(run.basis, whole.basis)
        assert torch.equal(run.projection, whole.projection)
        assert torch.equal(run.pending, whole.pending)
        assert run.products == whole.products
        assert run.breakdowns == whole.breakdowns


def test_float32_vectors_keep_float64_coefficients() -> None:
    A = matrix(KINDS["outliers"])
    op = as_operator(A, dtype=torch.float32)
    run = Lanczos(op, torch.ones(len(A)), generator=seeded(1))
    for _ in range(20):
        run.step()
    assert run.basis.dtype == torch.float32
    assert run.diagonal.dtype == torch.float64
    assert orthogonality_gap_in_single(run) <= 1e-5
    assert abs(float(run.ritz().values[0]) - 40) <= 1e-4


def orthogonality_gap_in_single(run: Lanczos) -> float:
    Q = run.basis.double()
    return float((Q.T @ Q - torch.eye(Q.shape[1], dtype=torch.float64)).norm())


class Skewed:
    """A with a part that is not symmetric."""

    dtype, device = torch.float64, torch.device("cpu")

    def __init__(self, A: torch.Tensor, share: float) -> None:
        noise = torch.randn(A.shape, generator=seeded(8), dtype=torch.float64)
        self.matrix = A + share * float(A.norm()) / float(noise.norm()) * noise
        self.shape = tuple(A.shape)

    def __matmul__(self, V: torch.Tensor) -> torch.Tensor:
        return self.matrix @ V


def test_an_operator_that_is_not_symmetric_is_refused() -> None:
    A = matrix(KINDS["outliers"])
    sentence = r"^op is not symmetric: uᵀAv and vᵀAu differ by \S+ for unit vectors; "
    with pytest.raises(InputError, match=sentence + r"expected at most \S+$"):
        grown(Skewed(A, 0.1), 20)
    run = grown(Skewed(A, 1e-6), 20)
    assert 1e-9 < run.asymmetry < 1e-3
    assert grown(A, 20).asymmetry < 1e-13


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        (
            torch.ones(3),
            "start has shape (3,); expected (9,) or (9, b)",
        ),
        (
            torch.ones(9, 0),
            "start has shape (9, 0); expected (9,) or (9, b)",
        ),
        (
            torch.zeros(9),
            (
                "start has a column of norm 0; expected finite vectors other than 0: draw "
                "them at random"
            ),
        ),
        (
            torch.full((9, 2), torch.nan),
            (
                "start has a column of norm nan; expected finite vectors other than 0: draw "
                "them at random"
            ),
        ),
    ],
)
def test_a_start_that_leads_nowhere_is_refused(
    start: torch.Tensor, sentence: str
) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        Lanczos(matrix(KINDS["identity"]), start)


def test_a_start_inside_of_what_is_held_fixed_is_refused() -> None:
    F = torch.eye(9, dtype=torch.float64)[:, :2]
    sentence = (
        "start lies in the span of against; expected a vector with a part outside of it: "
        "draw it at random"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        Lanczos(matrix(KINDS["identity"]), F[:, 0], against=F)


def test_a_state_of_another_kind_is_refused() -> None:
    state = grown(matrix(KINDS["two"]), 1).state()
    sentence = (
        "state has a basis of shape (2, 1); expected (9, j): pass the operator it was "
        "made with"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        Lanczos.resume(matrix(KINDS["zero"]), state)
    del state["pending"]
    sentence = "state lacks 'pending'; expected what Lanczos.state() gives"
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        Lanczos.resume(matrix(KINDS["two"]), state)
