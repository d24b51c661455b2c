"""landscape/curvature.py, against Hessians by torch.func and prescribed spectra."""

import re

import pytest
import torch
from support.landscape import (
    bowl,
    dense_hessian,
    free_point,
    half_square,
    known,
    relu_net,
    seeded,
)

from landtheory.deep.estimators.intervals import Interval
from landtheory.deep.landscape import curvature as module
from landtheory.deep.landscape.curvature import Count, curvature
from landtheory.deep.landscape.point import Point
from landtheory.errors import InputError

X = torch.randn(9, 3, generator=seeded(1)).double()
Y = torch.randn(9, 1, generator=seeded(2)).double()


def noisy() -> Point:
    """Far from a minimum: H and G differ by much."""
    return Point(relu_net(3, 7, 1), half_square, (X, Y), "mean")


def test_a_bowl_is_measured_by_its_gram_matrix() -> None:
    spectrum = [5.0, 2.0, 1.0, 0.25, 0.0]
    found = curvature(bowl(spectrum), generator=seeded(0))
    assert (found.method, found.matrix) == ("gram", "Gauss-Newton matrix")
    expected = torch.tensor(spectrum).double()
    assert float((found.eigenvalues - expected).abs().max()) < 1e-13
    assert abs(found.largest - 5) < 1e-13
    assert 8.25 in found.trace
    assert float(expected.norm()) in found.frobenius_norm
    assert found.residual is not None
    assert found.residual.is_small
    assert found.count(0.5) == Count(threshold=0.5, least=3, most=3)
    assert found.share_near_zero(1e-6).value == pytest.approx(0.2, abs=1e-15)


def test_where_the_hessian_differs_it_is_made_from_its_entries() -> None:
    point = noisy()
    found = curvature(point, generator=seeded(0))
    assert (found.method, found.matrix) == ("hessian", "Hessian")
    H = dense_hessian(relu_net(3, 7, 1), half_square, X, Y)
    values = torch.linalg.eigvalsh(H).flip(0)
    assert float((found.eigenvalues - values).abs().max()) <= float(found.errors[0])
    assert float(values[-1]) < -0.01
    assert float(H.trace()) in found.trace
    assert float(H.norm()) in found.frobenius_norm
    # what auto must not take for it
    gram = curvature(point, method="gram", generator=seeded(0))
    assert float((gram.eigenvalues - values[: len(gram.eigenvalues)]).abs().max()) > 0.1
    assert gram.residual is not None
    assert not gram.residual.is_small


def test_above_the_size_it_is_lanczos(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SMALL", 10)
    found = curvature(noisy(), k=6, generator=seeded(0))
    values = torch.linalg.eigvalsh(
        dense_hessian(relu_net(3, 7, 1), half_square, X, Y)
    ).flip(0)
    assert found.method == "lanczos"
    assert not found.is_complete
    assert bool(((found.eigenvalues - values[:6]).abs() <= found.errors + 1e-12).all())
    for exact, interval in (
        (float(values.sum()), found.trace),
        (float(values.norm()), found.frobenius_norm),
    ):
        slack = 1e-12 * float(values.norm())
        assert interval.lower - slack <= exact <= interval.upper + slack
    for threshold in (0.01, 0.5, 2.0, float(values[2]) + 1e-9):
        true = int((values > threshold).sum())
        count = found.count(threshold)
        assert count.least <= true <= count.most
        share = float((values.abs() <= threshold).double().mean())
        assert share in found.share_near_zero(threshold)


def test_a_loss_without_a_gram_matrix_has_a_hessian_all_the_same() -> None:
    point = free_point(lambda t: t[0] ** 2 - t[1] ** 2, [0.0, 0.0])
    found = curvature(point, generator=seeded(0))
    assert found.method == "hessian"
    assert found.eigenvalues.tolist() == [2.0, -2.0]


def test_too_many_rows_are_not_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_ROWS", 5)
    assert curvature(bowl([2.0, 1.0, 0.5]), generator=seeded(0)).method == "hessian"


def test_a_count_is_as_sure_as_the_errors_allow() -> None:
    values = torch.tensor([2.0, 1.05, 0.95, -3.0]).double()
    found = known(values, torch.full((4,), 0.1).double())
    assert found.count(1.0) == Count(threshold=1.0, least=1, most=3)
    share = found.share_near_zero(1.0)
    # one of the four is surely near zero within its error, or none
    assert (share.lower, share.value, share.upper) == (0.0, 0.25, 0.5)


def test_lanczos_counts_what_it_did_not_look_for() -> None:
    values = torch.tensor([3.0, 2.0]).double()
    size = Interval(value=4.0, lower=4.0, upper=4.0, level=0.95)
    found = known(
        values, torch.zeros(2).double(), method="lanczos", frobenius_norm=size, p=100
    )
    # 16 in all: at most 16 eigenvalues above 1, and at most 100 at all
    assert found.count(1.0) == Count(threshold=1.0, least=2, most=16)
    assert found.count(0.1) == Count(threshold=0.1, least=2, most=100)
    # the second is below 2.5, so no other is above
    assert found.count(2.5) == Count(threshold=2.5, least=1, most=1)


def test_what_the_residual_may_hide_is_not_resolved() -> None:
    point = noisy()
    gram = curvature(point, method="gram", generator=seeded(0))
    H = dense_hessian(relu_net(3, 7, 1), half_square, X, Y)
    values = torch.linalg.eigvalsh(H).flip(0)
    assert gram.residual is not None
    away = gram.residual.frobenius_norm.upper
    # Weyl: the i-th eigenvalues are no further apart, and so these are positive
    k = len(gram.eigenvalues)
    assert float((gram.eigenvalues - values[:k]).abs().max()) < away
    assert 0 < gram.resolved == int((gram.eigenvalues > away).sum()) < k
    assert bool((values[: gram.resolved] > 0).all())
    whole = curvature(point, method="hessian", generator=seeded(0))
    assert whole.resolved == int((values > float(whole.errors[0])).sum())


@pytest.mark.parametrize("threshold", [0.0, -1.0, float("nan"), float("inf")])
def test_thresholds_that_are_not_positive_are_refused(threshold: float) -> None:
    found = known(torch.ones(2).double(), torch.zeros(2).double())
    sentence = f"threshold is {threshold!r}; expected a positive number"
    for ask in (found.count, found.share_near_zero):
        with pytest.raises(InputError, match=re.escape(sentence)):
            ask(threshold)


def test_an_unknown_method_is_refused() -> None:
    with pytest.raises(
        InputError,
        match=re.escape(
            "method is 'guess'; expected one of auto, gram, hessian, lanczos"
        ),
    ):
        curvature(bowl([1.0]), method="guess", generator=seeded(0))


def test_a_hessian_that_does_not_fit_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(
        name: str, shape: tuple[int, ...], advice: str, *, copies: float
    ) -> None:
        raise InputError(f"{name} {shape} {advice} {copies}")

    monkeypatch.setattr(module, "refuse_if_too_large", refuse)
    with pytest.raises(InputError, match=r"hessian \(3, 3\) use method lanczos 7.0"):
        curvature(bowl([2.0, 1.0, 0.5]), method="hessian", generator=seeded(0))
