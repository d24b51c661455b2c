"""Confidence intervals, as values that say their level."""

from dataclasses import dataclass

from ...errors import InputError

__all__ = [
    "Interval",
    "check_level",
    "gamma_interval",
    "normal_interval",
    "normal_quantile",
]


@dataclass(frozen=True, kw_only=True)
class Interval:
    """An estimate with an interval around it.

    Attributes
    ----------
    value : float
        The estimate.
    lower, upper : float
        The true value lies between, with probability `level` over the probes.
    level : float
        0.95, for example; 1 where nothing is left to chance.
    """

    value: float
    lower: float
    upper: float
    level: float

    def __contains__(self, number: float) -> bool:
        return self.lower <= number <= self.upper


def check_level(level: float) -> None:
    """Refuse what is no probability strictly between 0 and 1.

    Raises
    ------
    InputError
        If it is not.
    """
    if not 0 < level < 1:
        raise InputError(f"level is {level!r}; expected a number between 0 and 1")


def normal_quantile(level: float) -> float:
    """z with P(|N(0, 1)| <= z) = level."""
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))


def normal_interval(value: float, error: float, *, level: float) -> Interval:
    """x ± z σ.

    Parameters
    ----------
    value, error : float
        x and σ, of an estimator that is nearly normal.
    level : float
        Probability that the interval covers the mean.
    """
    half = normal_quantile(level) * error
    return Interval(value=value, lower=value - half, upper=value + half, level=level)


def gamma_interval(mean: float, error: float, *, level: float) -> Interval:
    """(ν x̄ / χ²_ν's upper quantile, ν x̄ / its lower one), ν = 2 (x̄/σ)².

    For means of positive quadratic forms, which are sums of χ² variables with weights:
    ν x̄ / E x̄ is taken for χ²_ν, with the same mean and variance. Exact for equal
    weights; unlike x̄ ± z σ it leans to the right where few weights dominate.

    Parameters
    ----------
    mean, error : float
        x̄ >= 0 and its standard error σ.
    level : float
        Probability that the interval covers the mean.

    References
    ----------
    Satterthwaite (1946), An approximate distribution of estimates of variance components.
    """
    from scipy.special import chdtri

    if error == 0:
        return Interval(value=mean, lower=mean, upper=mean, level=level)
    nu = 2 * (mean / error) ** 2
    tail = (1 - level) / 2
    ends = [nu * mean / float(chdtri(nu, share)) for share in (tail, 1 - tail)]
    return Interval(value=mean, lower=ends[0], upper=ends[1], level=level)
