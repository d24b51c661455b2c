"""C3 and C7: what goes with generalisation, and complexity with curvature."""

from collections.abc import Mapping
from dataclasses import replace
from math import sqrt
from typing import Any

import numpy as np

from ..estimators.intervals import Interval
from .association import cohens_d, mean_within, partial_spearman
from .evidence import Evidence, Rows, beside, shown
from .findings import Finding, Statistic, statistic
from .measure_table import associations, by_split
from .statements import finding
from .thresholds import THRESHOLDS

__all__ = ["VOLUME", "complexity_goes_with_curvature", "volume_orders_minima"]

VOLUME = "log_volume_50"
"""k = 50: between 20 and n C/2, where the order hardly depends on k."""

GOOD = ("log_volume_100", "accuracy")
"""What is compared among random starts on clean data."""


def volume_orders_minima(evidence: Evidence) -> Finding:
    """C3."""
    fit = evidence.rows("minima").converged
    rho = evidence.rho(fit, VOLUME, "accuracy")
    rho10 = evidence.rho(fit, "log_volume_10", "accuracy")
    norm = evidence.rho(fit, "weight_norm", "accuracy")
    names = (VOLUME, "accuracy", "weight_norm", "fraction")
    partial = evidence.interval(
        fit, names, lambda c: partial_spearman(*(c[name] for name in names[:3])), "norm"
    )
    inside = evidence.interval(
        fit,
        names,
        lambda c: mean_within(c[VOLUME], c["accuracy"], c["fraction"]),
        "inside levels",
    )
    good, others = fit.good, fit.those(lambda row: row["fraction"] > 0)
    effect = cohens_d(good.column(VOLUME), others.column(VOLUME))
    tests = [
        statistic("volume and accuracy", rho),
        statistic("volume and accuracy, k = 10", rho10),
        statistic(
            "volume, effect size", effect, note="Cohen's d, fraction 0 by others"
        ),
        statistic(
            "volume given weight norm",
            partial,
            core=False,
            otherwise="given the weight norm nothing of the order remains",
        ),
        statistic(
            "volume within a level",
            inside,
            core=False,
            otherwise="only across attack fractions",
            note="mean ρ over levels, each over different data splits",
        ),
    ]
    breaks = [
        (
            f"The weight norm alone has ρ = {shown(norm)}: attack samples move many "
            "quantities at once."
        )
    ]
    if not tests[-1].met:
        breaks.append(
            "Among minima of one attack fraction the volume says little of the test "
            f"accuracy here: mean ρ = {shown(inside)}. There the data split differs from "
            "minimum to minimum, and its spread drowns the rest."
        )
    _add_within(evidence, tests, breaks)
    notes = [beside(evidence, fit), _learning(evidence)]
    found = finding(
        "C3",
        tests,
        f"The log-volume of the 50 largest eigenvalues and test accuracy: ρ = "
        f"{shown(rho)}; given the weight norm {shown(partial)}; inside one attack "
        f"fraction {shown(inside)}.",
        breaks,
        [
            *filter(None, notes),
            "Beyond k = n C the eigenvalues are rounding and residual: the sweep marks it.",
        ],
    )
    return replace(found, measures=associations(evidence))


def complexity_goes_with_curvature(evidence: Evidence) -> Finding:
    """C7."""
    fit = evidence.rows("minima").converged
    rho = evidence.rho(fit, "complexity", "frobenius")
    ratio = float(fit.column("complexity_ratio").max()) if fit else np.nan
    tests = [
        statistic("complexity and Frobenius norm", rho),
        statistic("complexity over its bound", ratio, note="largest of all minima"),
    ]
    breaks = []
    if evidence.has("within"):
        within = evidence.rows("within").converged
        inside = _over_splits(evidence, within, "complexity", "frobenius")
        tests.append(
            statistic(
                "complexity and Frobenius norm, good minima",
                inside,
                core=False,
                otherwise="only with attack samples as a common cause",
            )
        )
        if not inside.value >= 0.2:
            breaks.append(
                "Among random starts on clean data the two do not go together: ρ = "
                f"{shown(inside)}. The attack fraction is their common cause."
            )
    breaks.append(
        "The theorem bounds complexity by curvature and not the other way round: a net "
        "of low complexity may have any curvature."
    )
    return finding(
        "C7",
        tests,
        f"E‖∇ₓf‖² and the Frobenius norm of the Hessian: ρ = {shown(rho)}. The bound "
        f"E‖∇ₓf‖² ≤ ‖WWᵀ‖_F ‖H_bb‖_F is met by {_met(fit)} of {len(fit)} minima; the "
        f"largest ratio of the two sides is {ratio:.2f}.",
        breaks,
        [beside(evidence, fit)],
    )


def _add_within(evidence: Evidence, tests: list[Statistic], breaks: list[str]) -> None:
    if not evidence.has("within"):
        return
    rows = evidence.rows("within").converged
    each = by_split(rows, *GOOD)
    if not each:
        return
    rho = _over_splits(evidence, rows, *GOOD)
    first, *_ = each
    one = rows.where(seed=first)
    tests.append(
        statistic(
            "volume within good minima",
            rho,
            core=False,
            otherwise="only with attack samples: among random starts on clean data the order is weak",
            note=f"mean over {len(each)} splits of {len(one)} random starts; k = 100",
        )
    )
    alone = _over_networks(evidence, one, *GOOD)
    norm = _over_networks(evidence, one, "weight_norm", "accuracy")
    breaks += [
        (
            f"Without any attack, among {len(one)} random starts of one data split, the "
            f"log-volume (k = 100) has ρ = {shown(alone)} with test accuracy and the "
            f"weight norm {shown(norm)}; the intervals are over the networks."
        ),
        _said_of_splits(evidence, rows, each),
    ]


def _said_of_splits(evidence: Evidence, rows: Rows, each: Mapping[Any, float]) -> str:
    """How much one split says: means over splits, and their spread beside chance."""
    names = ("log_volume_100", "weight_norm", "complexity")
    volume, norm, slope = (
        shown(_over_splits(evidence, rows, name, "accuracy")) for name in names
    )
    loss = shown(_over_splits(evidence, rows, "log_volume_100", "test_loss"))
    text = (
        f"Over {len(each)} such splits the mean is {volume} with test accuracy and {loss} "
        f"with the test loss; the weight norm has {norm}, E‖∇ₓf‖² {slope}."
    )
    if len(each) < 2:
        return text
    values = list(each.values())
    chance = 1 / sqrt(len(rows) / len(each) - 1)
    return (
        f"{text} From split to split it goes from {min(values):.2f} to {max(values):.2f}, "
        f"a standard deviation of {float(np.std(values, ddof=1)):.2f}; so many networks "
        f"give {chance:.2f} by chance alone, so that a single split says little."
    )


def _over_splits(evidence: Evidence, rows: Rows, x: str, y: str) -> Interval:
    """Mean over splits of ρ inside each, with its interval over splits."""
    each = by_split(rows, x, y)
    return evidence.interval(
        Rows(tuple({"seed": split, "rho": rho} for split, rho in each.items())),
        ("rho",),
        lambda c: float(c["rho"].mean()),
        f"within {x}/{y}",
    )


def _over_networks(evidence: Evidence, rows: Rows, x: str, y: str) -> Interval:
    """ρ inside one split, with its interval over networks: they share their data."""
    alone = tuple({**row, "seed": i} for i, row in enumerate(rows.rows))
    return evidence.rho(Rows(alone), x, y)


def _learning(evidence: Evidence) -> str:
    rows = evidence.rows("learning")
    if not rows:
        return ""
    rho = evidence.rho(rows, "coefficient", "accuracy")
    gap = 1 - rows.column("coefficient") / rows.column("quadratic")
    return (
        "The local learning coefficient by a Langevin walk has "
        f"ρ = {shown(rho)} with test accuracy, from {len(rows)} minima. It lies "
        f"{100 * float(np.mean(gap)):.0f} % below its value in a quadratic bowl on "
        "average."
    )


def _met(fit: Rows) -> int:
    threshold = THRESHOLDS["complexity over its bound"]
    return sum(threshold.met(row["complexity_ratio"]) for row in fit.rows)
