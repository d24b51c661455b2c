"""C4 and C4b: where optimisers come to from random starts, and from bad ones."""

import numpy as np

from ..estimators.intervals import Interval
from .association import rate_bound
from .evidence import Evidence, Rows
from .findings import Finding, statistic
from .statements import finding

__all__ = ["every_optimiser_finds_good_minima", "near_a_bad_minimum_stays"]

BAD_RUN = 0.8
"""Test accuracy below which a run from a random start has found a bad minimum."""

LEFT = 0.7
"""Test accuracy above which a network has left a bad minimum."""

NEAR, FAR = 0.05, 1.0
"""σ of the starts that are called near and far."""


def every_optimiser_finds_good_minima(evidence: Evidence) -> Finding:
    """C4."""
    rows = evidence.rows("starts")
    fit = rows.converged
    accuracy = fit.column("accuracy")
    bad = int((accuracy < BAD_RUN).sum())
    bound = rate_bound(bad, len(fit)) if fit else np.nan
    paired = _paired(evidence, fit, "gd", "sgd")
    tests = [
        statistic("converged share", rows.converged_share),
        statistic("least accuracy of a standard run", fit.least("accuracy")),
        statistic("mean accuracy of standard runs", fit.mean("accuracy")),
        statistic(
            "difference of GD and SGD",
            abs(paired.value),
            note="absolute mean of paired runs",
        ),
        statistic(
            "bound on the rate of bad minima",
            bound,
            note=f"95 %, {bad} of {len(fit)} runs below {BAD_RUN:g}; exact binomial",
        ),
    ]
    breaks = []
    if evidence.has("scales"):
        scales = evidence.rows("scales").converged
        by_scale = {s: scales.where(scale=s).mean("accuracy") for s in (1.0, 4.0)}
        tests.append(
            statistic(
                "loss of accuracy at a large start",
                by_scale[1.0] - by_scale[4.0],
                core=False,
                otherwise="only from starts of standard scale",
                note="Adam, accuracy from scale 1 less that from scale 4",
            )
        )
        breaks.append(_scales(scales))
        if by_scale[1.0] - by_scale[4.0] > 0.1:
            breaks.append(
                f"Starts at four times He's scale reach {by_scale[4.0]:.2f} and not "
                f"{by_scale[1.0]:.2f}, on clean data and with every clean sample right: "
                "'random' has to mean 'of standard scale'."
            )
    means = ", ".join(
        f"{fit.where(optimiser=name).mean('accuracy'):.3f} by {name}"
        for name in rows.values("optimiser")
    )
    return finding(
        "C4",
        tests,
        f"{len(fit)} of {len(rows)} runs reached their target, with test accuracies "
        f"from {fit.least('accuracy'):.2f} on, mean {means}. Paired over data and "
        f"start, GD less SGD is {paired.value:+.4f}. {bad} of the runs ended below "
        f"{BAD_RUN:g}; the rate of such runs is at most {bound:.3f} at 95 %.",
        breaks,
        [
            (
                "The bound takes the runs for independent, which they are not: they share "
                f"{len(rows.values('seed'))} data splits."
            )
        ],
    )


def near_a_bad_minimum_stays(evidence: Evidence) -> Finding:
    """C4b."""
    rows = evidence.rows("near")
    # an escape is one whether or not it reached the loss of the others in time
    fit = rows.those(lambda row: row["clean_loss"] is not None)
    near = fit.where(sigma=NEAR)
    farthest = {
        name: fit.where(sigma=FAR, optimiser=name).mean("accuracy")
        for name in fit.values("optimiser")
        if fit.where(sigma=FAR, optimiser=name)
    }
    good = evidence.rows("minima").good.mean("accuracy")
    at = {s: fit.where(sigma=s).mean("accuracy") for s in rows.values("sigma")}
    tests = [
        statistic(
            "accuracy near a bad minimum", near.mean("accuracy"), note=f"σ = {NEAR:g}"
        ),
        statistic("gap to good minima", good - near.mean("accuracy")),
        statistic(
            "accuracy far from a bad minimum",
            max(farthest.values(), default=np.nan),
            core=False,
            otherwise="only after small moves",
            note=f"σ = {FAR:g}, the optimiser that goes farthest",
        ),
    ]
    breaks = []
    escaped = [name for name, accuracy in farthest.items() if accuracy > LEFT]
    if escaped:
        said = ", ".join(f"{farthest[name]:.2f} by {name}" for name in escaped)
        breaks.append(f"A move as long as θ itself (σ = 1) escapes: {said}.")
    if evidence.has("escape"):
        breaks.append(_escape(evidence.rows("escape")))
    levels = ", ".join(f"{at[s]:.2f} at σ = {s:g}" for s in at)
    return finding(
        "C4b",
        tests,
        "Clean training from θ + σ‖θ‖u, θ a bad minimum and u a random direction, "
        f"reaches {levels}; from random starts of the same data it is {good:.2f}.",
        breaks,
        [
            (
                f"{len(rows.converged)} of {len(rows)} runs reached the clean loss in time; "
                "the others are counted where they stopped, so that none that escapes is "
                "left out."
            )
        ],
    )


def _escape(rows: Rows) -> str:
    """What leaves a bad minimum when clean training goes on from it, and what does not."""
    fit = rows.those(lambda row: row["clean_loss"] is not None)
    names = fit.values("treatment")
    ends = {name: fit.where(treatment=name).mean("accuracy") for name in names}

    def told(chosen: list[str]) -> str:
        return ", ".join(
            f"{ends[name]:.2f} with {'nothing added' if name == 'none' else name} "
            f"(‖θ‖ {fit.where(treatment=name).mean('weight_norm'):.1f})"
            for name in chosen
        )

    stay = [name for name in names if not ends[name] > LEFT]
    leave = [name for name in names if ends[name] > LEFT]
    text = (
        "Clean training goes on from bad minima (accuracy "
        f"{fit.mean('before'):.2f}): it stays at "
        f"{told(stay) or 'none'}"
    )
    return f"{text}; it goes to {told(leave)}." if leave else f"{text}."


def _scales(scales: Rows) -> str:
    """Accuracy by the scale of the start, and the first at which it breaks."""
    means = {s: scales.where(scale=s).mean("accuracy") for s in scales.values("scale")}
    levels = ", ".join(f"{means[s]:.2f} at {s:g}" for s in means)
    broken = [s for s in sorted(means) if s >= 1 and means[s] < BAD_RUN]
    text = f"Accuracy by the scale of He's start, clean data, Adam: {levels}"
    if not broken:
        return f"{text}; none of them falls below {BAD_RUN:g}."
    return (
        f"{text}; of those tried, {broken[0]:g} is the first to fall below {BAD_RUN:g}."
    )


def _paired(evidence: Evidence, fit: Rows, one: str, other: str) -> Interval:
    """Mean of accuracy by one optimiser less that by the other, same data and start."""
    pairs = []
    for row in fit.where(optimiser=one).rows:
        twin = fit.where(optimiser=other, seed=row["seed"], scheme=row["scheme"])
        pairs += [
            {"seed": row["seed"], "difference": row["accuracy"] - mate["accuracy"]}
            for mate in twin.rows
        ]
    return evidence.interval(
        Rows(tuple(pairs)),
        ("difference",),
        lambda c: float(c["difference"].mean()),
        f"{one}/{other}",
    )
