"""numerics/worlds/posterior*.py, held against quadrature and enumeration in floats."""

from itertools import product
from math import comb, exp, log, sqrt

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import binom, norm

from landtheory.numerics.worlds.posterior_quantities import Posterior
from landtheory.numerics.worlds.posteriors import POSTERIORS

PLAIN = {"matrix": ((2,),), "shift": (1,), "counts": (3, 5), "prior_variance": 2}
TASK = {"chances": ("1/4", "3/4"), "losses": ((1, 0), ("1/2", 1))}
LAWS = {"prior": ("1/3", "2/3"), "posterior": (1, 0)}


def drawn(count: int) -> list[Posterior]:
    rng = np.random.default_rng(4)
    return [POSTERIORS.draw(rng) for _ in range(count)]


def numbers(thing: Posterior, name: str) -> np.ndarray:
    return np.array(getattr(thing, name), dtype=np.float64)


def test_the_divergence_of_a_line_is_that_of_quadrature() -> None:
    values = {**PLAIN, **TASK, **LAWS, "inverse_temperature": 3}
    q = POSTERIORS.quantities(POSTERIORS.from_example(values))
    own, prior = norm(1, sqrt(1 / (3 * 2 + 1 / 2))), norm(0, sqrt(2))

    def density(x: float) -> float:
        return own.pdf(x) * (own.logpdf(x) - prior.logpdf(x))

    expected = quad(density, -6, 8, epsabs=1e-12)[0]
    assert float(q.divergence(q.covariance).mid()) == pytest.approx(expected, abs=1e-9)
    half = quad(lambda x: (x - 1) ** 2 * own.pdf(x), -6, 8, epsabs=1e-12)[0]
    assert float(q.expected_quadratic(q.covariance)) == pytest.approx(half, abs=1e-9)


def test_divergences_of_several_parameters_are_those_of_samples_free_formulas() -> None:
    for thing in drawn(30):
        q = POSTERIORS.quantities(thing)
        tau2, beta = float(thing.prior_variance), float(thing.inverse_temperature)
        inverse = beta * numbers(thing, "matrix") + np.eye(q.p) / tau2
        sigma = np.linalg.inv(inverse)
        shift = numbers(thing, "shift")
        # E_Q log Q - E_Q log P, both by the entropy of a Gaussian
        entropy = 0.5 * np.linalg.slogdet(2 * np.pi * np.e * sigma)[1]
        cross = 0.5 * q.p * np.log(2 * np.pi * tau2)
        cross += 0.5 * (np.trace(sigma) + shift @ shift) / tau2
        ours = float(q.divergence(q.covariance).mid())
        assert ours == pytest.approx(cross - entropy, rel=1e-8, abs=1e-8)


def test_moments_of_a_line_are_those_of_quadrature() -> None:
    values = {**PLAIN, **TASK, **LAWS, "frequency": "3/2"}
    q = POSTERIORS.quantities(POSTERIORS.from_example(values))
    law = norm(0, sqrt(2))
    cosine = quad(lambda x: (1 + np.cos(1.5 * x)) / 2 * law.pdf(x), -15, 15)[0]
    assert float(q.cosine_mean.mid()) == pytest.approx(cosine, abs=1e-9)
    third = 2 * quad(lambda x: x**3 * law.pdf(x), 0, 20)[0]
    assert float(q.third_moment.mid()) == pytest.approx(third, abs=1e-9)


@pytest.mark.parametrize("n", [1, 2, 8, 40])
def test_the_binomial_sum_is_that_of_its_terms(n: int) -> None:
    values = {"matrix": ((1,),), "counts": (n,)}
    q = POSTERIORS.quantities(POSTERIORS.from_example(values))
    expected = sum(
        comb(n, k) * (k / n) ** k * (1 - k / n) ** (n - k) for k in range(n + 1)
    )
    assert float(q.binomial_sum) == pytest.approx(expected, rel=1e-12)


def binary(q: float, p: float) -> float:
    parts = ((q, p), (1 - q, 1 - p))
    return sum(one * log(one / other) for one, other in parts if one)


def test_the_task_is_enumerated_as_by_every_sequence() -> None:
    values = {**PLAIN, **TASK, **LAWS, "counts": (1, 3)}
    thing = POSTERIORS.from_example(values)
    q = POSTERIORS.quantities(thing)
    chances, losses = numbers(thing, "chances"), numbers(thing, "losses")
    risks = losses @ chances
    averages: dict[float, float] = {}
    for sample in product(range(2), repeat=4):
        seen = losses[:, list(sample)].mean(axis=1)
        powers = [
            exp(4 * binary(one, risk)) for one, risk in zip(seen, risks, strict=True)
        ]
        average = round(powers[0] / 3 + powers[1] * 2 / 3, 9)
        chance = float(np.prod(chances[list(sample)]))
        averages[average] = averages.get(average, 0.0) + chance
    ours = {round(float(v.mid()), 9): float(c) for c, v in q.every_average}
    assert ours.keys() == averages.keys()
    for average, chance in averages.items():
        assert ours[average] == pytest.approx(chance, abs=1e-12)
    assert sum(ours.values()) == pytest.approx(1.0, abs=1e-12)
    assert [float(one) for one in q.risks] == [0.25, 0.875]
    assert [float(one) for one in q.sample_risks] == [0.25, 0.875]
    assert float(q.weight_divergence.mid()) == pytest.approx(log(3), abs=1e-12)
    assert float(q.average.mid()) == pytest.approx(1.0, abs=1e-12)


def test_an_average_of_binary_losses_is_that_of_the_binomial_law() -> None:
    values = {"matrix": ((1,),), "counts": (2, 7), "chances": ("1/3", "2/3")}
    values |= {"losses": ((1, 0),)}
    q = POSTERIORS.quantities(POSTERIORS.from_example(values))
    for less in (0, 1):
        expected = sum(
            binom.pmf(k, 9, 1 / 3) * exp((9 - less) * binary(k / 9, 1 / 3))
            for k in range(10)
        )
        assert float(q.binary_average(less).mid()) == pytest.approx(expected, rel=1e-9)


def test_a_loss_that_cannot_happen_is_infinitely_far() -> None:
    q = POSTERIORS.quantities(POSTERIORS.from_example({**PLAIN, **TASK, **LAWS}))
    half, zero = q.tau2 / 4, q.tau2 * 0
    assert not q.binary_divergence(half, zero).is_finite()
    assert float(q.binary_divergence(zero, half).mid()) == pytest.approx(log(2))


@pytest.mark.parametrize(
    "change",
    [
        {"matrix": ((-1,),)},
        {"matrix": ((1, 1), (0, 1)), "other": ((1, 0), (0, 1)), "shift": (0, 0)},
        {"other": ((0,),)},
        {"other": ((1, 0), (0, 1))},
        {"shift": (0, 0)},
        {"prior_variance": 0},
        {"inverse_temperature": 0},
        {"frequency": 0},
        {"counts": (0, 0)},
        {"counts": (-1, 9)},
        {"counts": (8,)},
        {"counts": (60, 5)},
        {"chances": ("1/4", "1/4")},
        {"chances": (0, 1)},
        {"losses": ((1, 0), (2, 0))},
        {"losses": ((1, 0),)},
        {"prior": (0, 1)},
        {"posterior": (2, -1)},
        {"confidence": 0},
        {"confidence": 2},
    ],
)
def test_what_is_no_posterior_is_refused(change: dict[str, object]) -> None:
    values = {**PLAIN, **TASK, **LAWS}
    POSTERIORS.from_example(values)
    with pytest.raises(
        ValueError,
        match=r"^posterior has matrix .*; expected matrix positive semi-definite and other"
        r" positive definite, both symmetric and of the size of shift, prior_variance,"
        r" inverse_temperature and frequency > 0, counts of 1 to 64 points, chances and"
        r" prior above 0 and posterior from 0, each with the sum 1, losses from 0 to 1"
        r" with a row for each number of prior and posterior and a column for each of"
        r" chances and counts, and confidence in \(0, 1\]$",
    ):
        POSTERIORS.from_example({**values, **change})
