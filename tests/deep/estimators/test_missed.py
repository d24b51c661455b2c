"""estimators/missed.py: a second start finds what is left, and its doubt is honest."""

import pytest
import torch
from support.spectra import matrix, seeded

from landtheory.deep.estimators.missed import Search, look_for_missed
from landtheory.deep.operators.linear import as_operator

BULK = torch.linspace(-1, 1, 90, dtype=torch.float64)


def search(
    eigenvalues: list[float],
    known: list[int],
    *,
    which: str = "LA",
    seed: int = 0,
    certainty: float = 0.99,
    limit: int = 80,
) -> Search:
    """Beside the eigenvectors with the given numbers, of a matrix with a bulk in [-1, 1]."""
    values = torch.cat([torch.tensor(eigenvalues).double(), BULK])
    A = torch.diag(values)
    U = torch.eye(len(values), dtype=torch.float64)[:, known]
    return look_for_missed(
        as_operator(A),
        U,
        values[known],
        which=which,
        slack=1e-3,
        ends=(float(values.min()), float(values.max())),
        certainty=certainty,
        generator=seeded(seed),
        limit=limit,
    )


@pytest.mark.parametrize("which", ["LA", "LM"])
def test_a_copy_is_found(which: str) -> None:
    result = search([5.0, 5.0, 2.0], [0, 2], which=which)
    assert not result.certain
    assert result.found is not None
    assert float(result.found[1].abs() / result.found.norm()) > 0.3


def test_the_lower_end_is_searched_too() -> None:
    assert search([-5.0, -5.0, -2.0], [0, 2], which="SA").found is not None
    assert (
        search([5.0, 4.0, -5.0, -3.0], [0, 1, 3, 3][:3], which="BE").found is not None
    )
    assert search([5.0, -5.0], [0], which="LA").found is None


@pytest.mark.parametrize("which", ["LA", "SA", "LM", "BE"])
def test_nothing_is_found_where_nothing_is_missing(which: str) -> None:
    sign = -1.0 if which == "SA" else 1.0
    known = [0, 1, 2]
    values = [5.0, 4.0, -3.0] if which in ("LM", "BE") else [5.0, 4.0, 3.0]
    result = search([sign * v for v in values], known, which=which)
    assert result.certain
    assert result.found is None
    assert 2 <= result.products < 40


def test_more_certainty_takes_more_products() -> None:
    counts = [
        search([5.0, 4.0], [0, 1], certainty=c).products for c in (0.5, 0.9, 0.999)
    ]
    assert counts[0] < counts[1] < counts[2]


def test_too_few_products_leave_it_open() -> None:
    result = search([5.0, 4.0], [0, 1], limit=2)
    assert not result.certain
    assert result.found is None
    assert result.products == 2


def test_an_exhausted_complement_is_certain() -> None:
    A = matrix(torch.tensor([4.0, 4.0, 3.9]).double())
    _, U = torch.linalg.eigh(A)
    result = look_for_missed(
        as_operator(A), U[:, 1:], torch.tensor([4.0, 4.0]).double(), which="LA",
        slack=0.0, ends=(3.9, 4.0), certainty=0.999999, generator=seeded(0), limit=9,
    )  # fmt: skip
    assert result.certain
    assert result.products == 1


def wrong_rate(certainty: float, *, scale: float = 1.0) -> float:
    """How often a search near the edge is certain and wrong, over 300 seeds."""
    wrong = 0
    for seed in range(300):
        # one eigenvalue is left, a little further out than the bulk
        result = search(
            [1.15, 1.1], [1], certainty=1 - (1 - certainty) * scale, seed=seed
        )
        wrong += result.certain
    return wrong / 300


def test_the_certainty_is_kept() -> None:
    assert wrong_rate(0.9) <= 0.1
    # had the bound been forgotten, and any doubt been allowed, it would be broken
    assert wrong_rate(0.9, scale=1e6) > 0.1
