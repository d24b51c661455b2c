"""deep/reproduce/association.py against SciPy, closed forms, and coverage."""

import re
from math import exp, isnan, log

import numpy as np
import pytest
from scipy import stats

from landtheory.deep.reproduce.association import (
    cluster_bootstrap,
    cohens_d,
    geometric_mean,
    mean_within,
    partial_spearman,
    rate_bound,
    sign_test,
    spearman,
)
from landtheory.errors import InputError

RNG = np.random.default_rng(0)


def test_spearman_is_scipys_also_with_ties() -> None:
    for n in (3, 7, 40):
        x, y = RNG.integers(0, 6, n).astype(float), RNG.normal(size=n)
        if len(set(x)) > 1:
            assert spearman(x, y) == pytest.approx(stats.spearmanr(x, y)[0], abs=1e-12)


def test_the_correlation_of_the_numbers_is_another() -> None:
    x = np.array([1.0, 2.0, 3.0, 100.0])
    y = np.array([1.0, 2.0, 4.0, 3.0])
    assert spearman(x, y) == pytest.approx(0.8)
    assert abs(stats.pearsonr(x, y)[0] - 0.8) > 0.1


def test_nothing_correlates_with_a_constant_or_from_two_points() -> None:
    assert isnan(spearman(np.ones(5), np.arange(5.0)))
    assert isnan(spearman(np.arange(2.0), np.arange(2.0)))


def test_a_partial_correlation_is_that_of_the_residuals_of_the_ranks() -> None:
    z = RNG.normal(size=60)
    x, y = z + RNG.normal(size=60), z - RNG.normal(size=60)
    ranks = [stats.rankdata(part) for part in (x, y, z)]
    design = np.stack([np.ones(60), ranks[2]], axis=1)
    left = [r - design @ np.linalg.lstsq(design, r, rcond=None)[0] for r in ranks[:2]]
    wanted = stats.pearsonr(*left)[0]
    assert partial_spearman(x, y, z) == pytest.approx(wanted, abs=1e-12)
    assert abs(spearman(x, y) - wanted) > 0.1


def test_nothing_is_left_given_the_quantity_itself() -> None:
    x, y = RNG.normal(size=9), RNG.normal(size=9)
    assert isnan(partial_spearman(x, y, 3 * x + 1))


def test_within_levels_a_common_cause_is_gone() -> None:
    levels = np.repeat(np.arange(4.0), 200)
    x, y = (100 * levels + RNG.normal(size=800) for _ in range(2))
    assert spearman(x, y) > 0.9
    assert abs(mean_within(x, y, levels)) < 5 / np.sqrt(800)
    one = levels == 2
    wanted = np.mean([spearman(x[levels == k], y[levels == k]) for k in range(4)])
    assert mean_within(x, y, levels) == pytest.approx(wanted)
    assert mean_within(x[one], y[one], levels[one]) == spearman(x[one], y[one])


def test_levels_without_a_correlation_are_left_out() -> None:
    x = np.array([1.0, 2, 3, 5, 5, 5, 7])
    y = np.array([1.0, 3, 2, 1, 2, 3, 7])
    levels = np.array([0.0, 0, 0, 1, 1, 1, 2])
    assert mean_within(x, y, levels) == pytest.approx(0.5)
    assert isnan(mean_within(x[:1], y[:1], levels[:1]))


def test_a_bootstrap_of_clusters_covers_and_one_of_rows_does_not() -> None:
    """Means of 20 clusters of 10 rows that share most of their spread."""
    covered = {"clusters": 0, "rows": 0}
    for trial in range(100):
        rng = np.random.default_rng([1, trial])
        shift = np.repeat(rng.normal(size=20), 10)
        x = shift + 0.1 * rng.normal(size=200)
        names = {
            "clusters": list(np.repeat(np.arange(20), 10)),
            "rows": list(range(200)),
        }
        for kind, clusters in names.items():
            found = cluster_bootstrap(
                lambda c: float(c["x"].mean()), {"x": x}, clusters, rng=rng, draws=200
            )
            covered[kind] += 0.0 in found
    # 95 % less what 20 clusters cost: within 5 standard errors; rows cover 47 %
    assert covered["clusters"] > 80
    assert covered["rows"] < 70


def test_a_bootstrap_takes_whole_clusters_and_repeats_with_its_rng() -> None:
    seen = []
    clusters = ["a", "a", "b", "c", "c", "c"]

    def statistic(columns: dict[str, np.ndarray]) -> float:
        seen.append(sorted(columns["x"].tolist()))
        return float(columns["x"].mean())

    columns = {"x": np.array([1.0, 1, 2, 3, 3, 3])}
    intervals = [
        cluster_bootstrap(
            statistic, columns, clusters, rng=np.random.default_rng(3), draws=50
        )
        for _ in range(2)
    ]
    assert intervals[0] == intervals[1]
    assert intervals[0].value == columns["x"].mean()
    for drawn in seen:
        assert drawn.count(1.0) % 2 == 0
        assert drawn.count(3.0) % 3 == 0


def test_a_statistic_without_a_value_has_no_interval() -> None:
    columns, rng = {"x": np.arange(4.0)}, np.random.default_rng(0)
    found = cluster_bootstrap(lambda _: float("nan"), columns, [0, 1, 2, 3], rng=rng)
    assert isnan(found.lower)
    assert isnan(found.upper)


def test_a_sign_test_is_a_sum_of_binomial_coefficients() -> None:
    assert sign_test(5, 5) == pytest.approx(1 / 32)
    assert sign_test(4, 5) == pytest.approx(6 / 32)
    assert sign_test(0, 5) == pytest.approx(1.0)


def test_the_bound_of_a_rate_solves_its_equation() -> None:
    assert rate_bound(0, 110) == pytest.approx(1 - 0.05 ** (1 / 110))
    for k, n in ((1, 24), (3, 10)):
        assert stats.binom.cdf(k, n, rate_bound(k, n)) == pytest.approx(0.05)
    assert rate_bound(4, 4) == 1.0
    # the two-sided interval has a larger end
    two_sided = stats.binomtest(1, 24).proportion_ci().high
    assert rate_bound(1, 24) < two_sided


def test_a_ratio_and_its_inverse_have_the_geometric_mean_one() -> None:
    assert geometric_mean(np.array([4.0, 0.25])) == pytest.approx(1.0)
    ratios = RNG.uniform(0.5, 2, 9)
    assert geometric_mean(ratios) == pytest.approx(exp(sum(map(log, ratios)) / 9))
    assert geometric_mean(ratios) == pytest.approx(stats.gmean(ratios))


def test_cohens_d_is_the_t_statistic_without_the_sizes() -> None:
    a, b = RNG.normal(1, 1, 7), RNG.normal(0, 1, 12)
    t = stats.ttest_ind(a, b).statistic
    assert cohens_d(a, b) == pytest.approx(t * np.sqrt(1 / 7 + 1 / 12))
    assert isnan(cohens_d(a[:1], b))
    assert isnan(cohens_d(np.ones(3), np.zeros(3)))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: spearman(np.ones(3), np.ones(4)),
            "x and y have 3 and 4 entries; expected as many",
        ),
        (
            lambda: spearman(np.array([1.0, np.nan, 2]), np.ones(3)),
            (
                "x or y holds a number that is not finite; expected numbers alone: leave out "
                "networks that did not converge"
            ),
        ),
        (
            lambda: cluster_bootstrap(
                lambda _: 0.0, {"x": np.ones(2)}, [1, 1], rng=np.random.default_rng(0)
            ),
            "clusters are 1; expected at least 2 to draw from: run with more seeds",
        ),
        (
            lambda: cluster_bootstrap(
                lambda _: 0.0, {"x": np.ones(3)}, [1, 2], rng=np.random.default_rng(0)
            ),
            "column has 3 rows; expected 2, as the clusters have",
        ),
        (
            lambda: geometric_mean(np.array([1.0, 0.0])),
            "ratios are [1.0, 0.0]; expected positive numbers, at least one",
        ),
        (
            lambda: rate_bound(0, 0),
            "events are 0 of 0; expected from 0 to all of some",
        ),
        (
            lambda: sign_test(3, 2),
            "wins are 3 of 2; expected from 0 to all of some",
        ),
    ],
)
def test_what_cannot_be_is_refused(call: object, sentence: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        call()  # type: ignore[operator]
