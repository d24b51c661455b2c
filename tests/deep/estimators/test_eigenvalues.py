"""estimators/eigenvalues.py: against dense eigenvalues of matrices with prescribed spectra."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import torch
from support.spectra import KINDS, matrix, seeded

from landtheory.deep.estimators.eigenvalues import TopEigenvalues, top_eigenvalues
from landtheory.deep.estimators.ends import WHICH, wanted
from landtheory.deep.estimators.lanczos import Lanczos
from landtheory.deep.estimators.stopping import Goal
from landtheory.deep.operators.linear import as_operator
from landtheory.errors import InputError

EPS = torch.finfo(torch.float64).eps
SIMPLE = ("flat", "outliers", "wide", "deficient", "one", "two")


def exact(kind: str, k: int, which: str) -> torch.Tensor:
    """The wanted eigenvalues as they were prescribed."""
    values = KINDS[kind].sort(descending=True).values
    return values[wanted(values, k, which)]


def found(kind: str, k: int, **options: Any) -> TopEigenvalues:
    """Those of the matrix of that kind, at seed 1."""
    return top_eigenvalues(
        matrix(KINDS[kind]), min(k, len(KINDS[kind])), generator=seeded(1), **options
    )


@pytest.mark.parametrize("kind", SIMPLE)
@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize("tol", [1e-3, 1e-9])
def test_the_tolerance_is_kept_by_what_says_that_it_converged(
    kind: str, which: str, tol: float
) -> None:
    k = min(4, len(KINDS[kind]))
    result = found(kind, k, which=which, tol=tol)
    values = exact(kind, k, which)
    if which == "LM" and kind == "flat":
        # ± pairs: the same magnitudes, in any order
        values, eigenvalues = values.abs(), result.eigenvalues.abs()
    else:
        eigenvalues = result.eigenvalues
    largest = float(KINDS[kind].abs().max())
    allowed = tol * values.abs().clamp(min=1.5e-8 * largest) + 60 * EPS * largest
    if which in ("SA", "BE") and kind in ("wide", "deficient"):
        # below rounding, copies of 0: each is near an eigenvalue, whichever
        gaps = (eigenvalues[:, None] - KINDS[kind]).abs().min(dim=1).values
    else:
        gaps = (eigenvalues - values).abs()
        assert bool(result.converged.all())
    assert bool((gaps <= allowed)[result.converged].all())
    assert bool((gaps <= result.bounds + 60 * EPS * largest).all())


@pytest.mark.parametrize("kind", ["outliers", "wide", "two"])
def test_the_vectors_and_the_residuals_belong_together(kind: str) -> None:
    A = matrix(KINDS[kind])
    result = found(kind, 3)
    U, values = result.eigenvectors, result.eigenvalues
    k = len(values)
    assert float((U.T @ U - torch.eye(k, dtype=torch.float64)).abs().max()) < 1e-14
    residuals = (A @ U - U * values).norm(dim=0)
    assert float((residuals - result.residuals).abs().max()) <= 1e-14 * float(A.norm())
    assert float(result.noise.max()) <= 1e-13 * float(A.norm())
    op = as_operator(A)
    again = top_eigenvalues(op, k, generator=seeded(1))
    assert again.verification_products == k
    assert op.products == again.products + k
    assert again.krylov.products == again.products


def test_multiplicities_are_counted_where_the_space_breaks_down() -> None:
    for which in WHICH:
        for kind in ("multiple", "identity", "zero"):
            result = found(kind, 5, which=which)
            values = exact(kind, 5, which)
            assert float((result.eigenvalues - values).abs().max()) < 1e-13
            assert bool(result.converged.all())
    assert found("identity", 5).products == 5
    assert found("multiple", 3, which="LA").products < 20


def test_few_distinct_values_need_few_products() -> None:
    assert found("multiple", 1, which="LA").products <= 5


COPIES = torch.cat(
    [torch.tensor([5.0, 5.0, 5.0, 3.0, 2.0, -1.0]), torch.linspace(0, 0.1, 60)]
).double()


def test_a_block_sees_copies_from_the_beginning() -> None:
    A = matrix(COPIES)
    alone = top_eigenvalues(A, 3, generator=seeded(1))
    block = top_eigenvalues(A, 3, generator=seeded(1), block=3)
    assert float(alone.eigenvalues[1]) < 4
    assert float((block.eigenvalues - 5).abs().max()) < 1e-5


@pytest.mark.parametrize("which", ["LA", "LM", "BE"])
def test_a_search_finds_the_copies_that_were_missed(which: str) -> None:
    op = as_operator(matrix(COPIES))
    result = top_eigenvalues(op, 4, which=which, generator=seeded(1), certainty=0.99)
    order = COPIES.sort(descending=True).values
    expected = order[wanted(order, 4, which)]
    assert float((result.eigenvalues - expected).abs().max()) < 1e-3 * 5
    assert result.certainty == 0.99
    assert result.search_products > 0
    made = result.products + result.search_products + result.verification_products
    assert op.products == made


def test_a_search_that_cannot_end_says_so() -> None:
    result = found("flat", 4, certainty=0.95, max_products=40)
    assert result.certainty == 0
    assert found("outliers", 3).certainty == 0
    assert found("outliers", 3, certainty=0.95).certainty == 0.95


@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize("kind", ["flat", "outliers", "multiple"])
def test_thick_restarts_reach_the_same_values_in_little_memory(
    which: str, kind: str
) -> None:
    result = found(kind, 4, which=which, tol=1e-8, max_basis=14, max_products=3000)
    assert result.krylov.dimension <= 14
    assert bool(result.converged.all())
    if not (kind == "flat" and which == "LM"):
        gap = (result.eigenvalues - exact(kind, 4, which)).abs().max()
        assert float(gap) < 1e-7


def test_a_tolerance_relative_to_the_norm_takes_fewer_products() -> None:
    each = found("outliers", 4)
    norm = found("outliers", 4, relative_to="norm")
    assert norm.products < each.products
    assert bool(norm.converged.all())
    assert float(norm.bounds.max()) <= 1e-3 * 40


def test_giving_up_is_said_for_each_value() -> None:
    result = found("flat", 4, tol=1e-9, max_products=12)
    assert result.products == 12
    assert not bool(result.converged.any())
    assert bool((result.bounds > result.tolerances).all())


def stops_rightly(rule: Callable[[Goal, Lanczos], bool]) -> bool:
    """Whether a stopping rule keeps the tolerance on a bulk edge, over 20 seeds."""
    A = matrix(KINDS["flat"])
    order = KINDS["flat"].sort(descending=True).values
    goal = Goal(k=3, which="LA", tol=1e-3)
    for seed in range(20):
        generator = seeded(seed)
        start = torch.randn(60, generator=generator, dtype=torch.float64)
        run = Lanczos(A, start, generator=generator)
        while run.basis.shape[1] < 3 or not rule(goal, run):
            run.step()
        if float((run.ritz().values[:3] - order[:3]).abs().max()) > 1e-3:
            return False
    return True


def small_change(goal: Goal, run: Lanczos) -> bool:
    """As PyHessian stops: when the values change little from one step to the next."""
    T = run.projection
    if len(T) < 4:
        return False
    now, before = (torch.linalg.eigvalsh(M).flip(0)[:3] for M in (T, T[:-1, :-1]))
    return bool(((now - before).abs() <= 0.03 * now.abs()).all())


def without_beta(goal: Goal, run: Lanczos) -> bool:
    """Residuals without the factor β, on an operator whose β is large."""
    ritz = run.ritz()
    beta = float(run.off_diagonal[-1]) if run.basis.shape[1] > 1 else 1.0
    last = ritz.bounds / max(beta, 1e-300) * 1e-3
    return bool((last[:3] <= goal.tol * ritz.values[:3].abs()).all())


def test_the_stopping_rule_keeps_its_promise_and_others_do_not() -> None:
    assert stops_rightly(lambda goal, run: goal.met(run))
    assert not stops_rightly(small_change)
    assert not stops_rightly(without_beta)


def test_the_same_seed_gives_the_same_bits_and_progress_is_told() -> None:
    A = matrix(KINDS["outliers"])
    told: list[tuple[int, int]] = []
    options: dict[str, Any] = {"tol": 1e-8, "max_basis": 12}
    one = top_eigenvalues(
        A,
        4,
        generator=seeded(3),
        progress=lambda done, of: told.append((done, of)),
        **options,
    )
    two = top_eigenvalues(A, 4, generator=seeded(3), **options)
    assert torch.equal(one.eigenvectors, two.eigenvectors)
    assert told == [(done, 1000) for done in range(1, one.products + 1)]


class Single:
    """A network's products: float32 inside, whatever the vectors."""

    dtype, device = torch.float32, torch.device("cpu")

    def __init__(self, A: torch.Tensor) -> None:
        self.matrix, self.shape = A.float(), tuple(A.shape)

    def __matmul__(self, V: torch.Tensor) -> torch.Tensor:
        return (self.matrix @ V.float()).to(V.dtype)


def test_the_noise_of_float32_products_is_measured() -> None:
    A = matrix(KINDS["outliers"])
    result = top_eigenvalues(Single(A), 4, generator=seeded(1))
    assert bool(result.converged.all())
    assert 1e-8 < float((result.noise / result.eigenvalues.abs()).max()) < 1e-5
    strict = top_eigenvalues(Single(A), 4, tol=1e-8, generator=seeded(1))
    assert not bool(strict.converged.any())
    gaps = (strict.eigenvalues - exact("outliers", 4, "LM")).abs()
    assert bool((gaps <= strict.bounds).all())


def test_a_start_near_the_wanted_vectors_saves_products() -> None:
    A = matrix(KINDS["outliers"])
    _, U = torch.linalg.eigh(A)
    near = U[:, [0, -1, -2, -3]].sum(dim=1)
    plain = top_eigenvalues(A, 4, tol=1e-9, generator=seeded(1))
    helped = top_eigenvalues(A, 4, tol=1e-9, generator=seeded(1), start=near)
    assert helped.products < plain.products
    gaps = (helped.eigenvalues - exact("outliers", 4, "LM")).abs()
    assert bool((gaps <= helped.bounds + 60 * EPS * 40).all())


def test_a_start_hides_nothing() -> None:
    """It is an eigenvector: alone it would make a space of one dimension."""
    A = matrix(KINDS["outliers"])
    _, U = torch.linalg.eigh(A)
    for start in (U[:, 30], U[:, -1], torch.zeros(len(A)).double()):
        result = top_eigenvalues(A, 4, tol=1e-9, generator=seeded(1), start=start)
        gaps = (result.eigenvalues - exact("outliers", 4, "LM")).abs()
        assert bool(result.converged.all())
        assert float(gaps.max()) < 1e-9


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"k": 0}, "k is 0; expected an integer >= 1"),
        ({"k": 10}, "k is 10; expected at most p = 9, the size of op"),
        ({"tol": 0.0}, "tol is 0.0; expected a number between 0 and 1"),
        ({"tol": float("nan")}, "tol is nan; expected a number between 0 and 1"),
        ({"tol": -1e-3}, "tol is -0.001; expected a number between 0 and 1"),
        ({"which": "SM"}, "which is 'SM'; expected one of LA, SA, LM, BE"),
        (
            {"relative_to": "trace"},
            "relative_to is 'trace'; expected eigenvalue or norm",
        ),
        ({"block": 0}, "block is 0; expected an integer >= 1"),
        ({"max_products": 1}, "max_products is 1; expected an integer >= 2"),
        ({"max_basis": 3}, "max_basis is 3; expected an integer >= 4"),
        ({"certainty": 1.0}, "certainty is 1.0; expected at least 0 and below 1"),
        (
            {"start": torch.ones(8)},
            "start has shape (8,); expected (9,): pass one vector of op's size",
        ),
        (
            {"start": torch.full((9,), torch.nan)},
            (
                "start has a norm that is not finite; expected finite entries: leave it "
                "out"
            ),
        ),
        (
            {"generator": None},
            (
                "generator is None; expected a torch.Generator: make one by "
                "torch.Generator().manual_seed(seed)"
            ),
        ),
    ],
)
def test_wrong_arguments_are_one_sentence(
    options: dict[str, Any], sentence: str
) -> None:
    arguments = {"k": 2, "generator": seeded(0), **options}
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        top_eigenvalues(matrix(KINDS["identity"]), **arguments)


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no GPU")
def test_a_gpu_gives_what_the_processor_gives() -> None:
    A = matrix(KINDS["outliers"])
    here = top_eigenvalues(A, 4, tol=1e-9, generator=seeded(1))
    there = top_eigenvalues(A.cuda(), 4, tol=1e-9, generator=seeded(1))
    assert there.eigenvectors.is_cuda
    assert there.eigenvalues.device.type == "cpu"
    assert float((here.eigenvalues - there.eigenvalues).abs().max()) < 1e-12
    assert bool(there.converged.all())


def test_a_product_that_is_not_finite_is_refused() -> None:
    broken = Single(matrix(KINDS["two"]))
    broken.matrix[0, 0] = torch.nan
    sentence = (
        "op @ V has 1 of 2 entries that are not finite; expected finite numbers: check "
        "the model's weights and its data"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        top_eigenvalues(broken, 1, generator=seeded(0))
