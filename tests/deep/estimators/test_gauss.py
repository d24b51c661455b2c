"""estimators/gauss.py: rules against the measures they are of, and the classical bounds."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from support.spectra import KINDS, matrix, seeded

from landtheory.deep.estimators.gauss import GaussRule, gauss_rule
from landtheory.deep.estimators.lanczos import Lanczos

SPREAD = ("flat", "outliers", "clusters", "deficient", "wide")


def measured(
    kind: str, steps: int, seed: int = 0
) -> tuple[Lanczos, torch.Tensor, torch.Tensor]:
    """A run from a random vector, with the points and weights of its measure."""
    A = matrix(KINDS[kind])
    points, U = torch.linalg.eigh(A)
    v = torch.randn(len(A), generator=seeded(seed), dtype=torch.float64)
    run = Lanczos(A, v)
    for _ in range(steps):
        if not run.exhausted:
            run.step()
    return run, points, (U.T @ (v / v.norm())).square()


def agrees(rule: Callable[[Any], tuple[torch.Tensor, torch.Tensor]]) -> bool:
    """Whether all moments up to 2m - 1 are those of the measure, for m = 5."""
    run, points, masses = measured("outliers", 5)
    nodes, weights = rule(run)
    scale = float(points.abs().max())
    return all(
        abs(float(weights @ (nodes / scale) ** r - masses @ (points / scale) ** r))
        < 1e-13
        for r in range(10)
    )


def ours(run: Any) -> tuple[torch.Tensor, torch.Tensor]:
    rule = gauss_rule(run)
    return rule.nodes, rule.weights


def not_squared(run: Any) -> tuple[torch.Tensor, torch.Tensor]:
    nodes, vectors = torch.linalg.eigh(run.projection)
    first = vectors[0].abs()
    return nodes, first / first.sum()


def last_component(run: Any) -> tuple[torch.Tensor, torch.Tensor]:
    nodes, vectors = torch.linalg.eigh(run.projection)
    return nodes, vectors[-1].square()


def equal_weights(run: Any) -> tuple[torch.Tensor, torch.Tensor]:
    nodes = torch.linalg.eigvalsh(run.projection)
    return nodes, torch.full_like(nodes, 1 / len(nodes))


def lost_normalisation(run: Any) -> tuple[torch.Tensor, torch.Tensor]:
    nodes, weights = ours(run)
    return nodes, 1.01 * weights


def without_beta(run: Any) -> tuple[torch.Tensor, torch.Tensor]:
    off = run.off_diagonal * 0.9
    T = torch.diag(run.diagonal) + torch.diag(off, 1) + torch.diag(off, -1)
    return ours(SimpleNamespace(projection=T, exhausted=True))


def test_a_rule_has_the_moments_of_its_measure() -> None:
    assert agrees(ours)


@pytest.mark.parametrize(
    "mutant",
    [not_squared, last_component, equal_weights, lost_normalisation, without_beta],
)
def test_the_comparison_rejects(mutant: Any) -> None:
    assert not agrees(mutant)


@pytest.mark.parametrize("kind", KINDS)
def test_weights_are_a_distribution_and_moments_exact(kind: str) -> None:
    run, points, masses = measured(kind, 6)
    rule = gauss_rule(run)
    assert abs(float(rule.weights.sum()) - 1) < 1e-15
    assert bool((rule.weights >= 0).all())
    assert bool((rule.nodes.diff() >= 0).all())
    scale = max(float(points.abs().max()), 1.0)
    for r in range(3):
        gap = rule.weights @ rule.nodes**r - masses @ points**r
        assert abs(float(gap)) <= 1e-13 * scale**r


@pytest.mark.parametrize("kind", SPREAD)
def test_the_distribution_lies_in_its_bracket(kind: str) -> None:
    for seed in range(5):
        run, points, masses = measured(kind, 7, seed)
        rule = gauss_rule(run)
        scale = float(points.abs().max())
        places = torch.linspace(-1.1 * scale, 1.1 * scale, 401, dtype=torch.float64)
        for x in [*places.tolist(), *(points + 1e-9 * scale).tolist()]:
            low, high = rule.bracket(x)
            F = float(masses[points <= x].sum())
            assert low - 1e-12 <= F <= high + 1e-12


def test_the_bracket_is_no_wider_than_two_weights() -> None:
    rule = gauss_rule(measured("flat", 12)[0])
    widest = max(
        high - low
        for low, high in map(rule.bracket, torch.linspace(-2, 2, 301).tolist())
    )
    assert widest <= 2 * float(rule.weights.max()) + 1e-15
    assert rule.bracket(-9.0)[0] == 0
    assert rule.bracket(9.0)[1] == 1


def test_an_invariant_space_gives_an_exact_rule() -> None:
    run, points, masses = measured("multiple", 9)
    rule = gauss_rule(run)
    assert rule.exact
    assert len(rule.nodes) == 4
    for x in (-2.0, -0.5, 0.5, 3.0, 6.0):
        low, high = rule.bracket(x)
        assert low == high
        assert abs(low - float(masses[points <= x].sum())) < 1e-12
    assert rule.radau(-5.0) is rule


@pytest.mark.parametrize("delta", [1e-3, 1e-1, 10.0])
def test_gauss_and_radau_enclose_the_logarithm(delta: float) -> None:
    for kind in ("deficient", "wide"):
        for steps in (2, 5, 9):
            run, points, masses = measured(kind, steps)
            rule = gauss_rule(run)
            fixed = rule.radau(-1e-12)

            def f(x: torch.Tensor) -> torch.Tensor:
                return torch.log1p(x.clamp(min=0) / delta)

            exact = float(masses @ f(points))
            upper = float(rule.weights @ f(rule.nodes))
            lower = float(fixed.weights @ f(fixed.nodes))
            assert lower - 1e-9 <= exact <= upper + 1e-9


def test_the_enclosure_is_tight_once_the_rule_is_fine() -> None:
    run, points, masses = measured("deficient", 12)
    rule = gauss_rule(run)
    fixed = rule.radau(-1e-12)
    exact = float(masses @ torch.log1p(points.clamp(min=0)))
    upper = float(rule.weights @ torch.log1p(rule.nodes.clamp(min=0)))
    lower = float(fixed.weights @ torch.log1p(fixed.nodes.clamp(min=0)))
    assert upper - lower < 1e-3 * exact


def test_radau_has_its_node_and_one_moment_more() -> None:
    run, points, masses = measured("flat", 5)
    fixed = gauss_rule(run).radau(-1.0)
    assert abs(float(fixed.nodes[0]) + 1) < 1e-12
    for r in range(11):
        gap = fixed.weights @ fixed.nodes**r - masses @ points**r
        assert abs(float(gap)) < 1e-12
    plain = gauss_rule(run)
    gap = plain.weights @ plain.nodes**10 - masses @ points**10
    assert abs(float(gap)) > 1e-6


def test_bounds_are_residuals() -> None:
    run, points, _ = measured("outliers", 8)
    rule = gauss_rule(run)
    assert isinstance(rule, GaussRule)
    gaps = (rule.nodes[:, None] - points).abs().min(dim=1).values
    assert bool((gaps <= rule.bounds + 1e-12).all())
    assert float((rule.bounds - run.ritz().bounds.flip(0)).abs().max()) < 1e-12
