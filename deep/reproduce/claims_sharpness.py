"""C1 and C2: good and bad minima of one network, and their curvature."""

from .evidence import Evidence, Rows, beside, missing, shown
from .findings import Finding, Statistic, statistic
from .statements import finding

__all__ = ["BAD", "bad_minima_are_sharper", "bad_minima_exist"]

BAD = 2.0
"""Attack fraction of the minima that are called bad where one level is meant."""


def bad_minima_exist(evidence: Evidence) -> Finding:
    """C1."""
    rows = evidence.rows("minima")
    good, bad = rows.good, rows.converged.where(fraction=BAD)
    rho = evidence.rho(rows.converged, "fraction", "accuracy")
    tests = [
        statistic("converged share", rows.converged_share),
        statistic("accuracy of good minima", good.mean("accuracy")),
        statistic("accuracy of bad minima", bad.mean("accuracy")),
        statistic("fraction and accuracy", rho),
    ]
    breaks = []
    entropy = evidence.rows("entropy").converged.those(lambda row: row["fraction"] > 0)
    if evidence.has("entropy"):
        early = entropy.where(protocol="matched").mean("accuracy")
        late = entropy.where(protocol="trained on").mean("accuracy")
        tests.append(
            statistic(
                "rise of accuracy after training on",
                late - early,
                core=False,
                otherwise="only with the squared loss: under the cross-entropy clean training heals bad minima",
                note="test accuracy, bad minima, cross-entropy",
            )
        )
        if late - early > 0.05:
            breaks.append(
                "With the cross-entropy a bad minimum is none: while the clean loss goes "
                f"on to fall, its test accuracy rises from {early:.2f} to {late:.2f}. "
                "Nothing finite is a minimum of that loss."
            )
    levels = ", ".join(
        f"{rows.converged.where(fraction=f).mean('accuracy'):.2f} at {f:g}"
        for f in rows.values("fraction")
    )
    return finding(
        "C1",
        tests,
        f"Test accuracy by attack fraction, at 100 % clean accuracy: {levels}; "
        f"Spearman's ρ of the two is {shown(rho)}.",
        breaks,
        [missing(rows)],
    )


def bad_minima_are_sharper(evidence: Evidence) -> Finding:
    """C2."""
    rows = evidence.rows("minima")
    fit = rows.converged
    found = {
        name: evidence.rho(fit, name, "accuracy")
        for name in ("trace", "lambda_max", "frobenius", "count", "balanced_trace")
    }
    ratio = fit.where(fraction=BAD).mean("trace") / rows.good.mean("trace")
    tests = [
        statistic("trace and accuracy", found["trace"]),
        statistic("largest eigenvalue and accuracy", found["lambda_max"]),
        statistic("Frobenius norm and accuracy", found["frobenius"]),
        statistic("eigenvalue count and accuracy", found["count"]),
        statistic("trace ratio", ratio, note=f"fraction {BAD:g} by fraction 0"),
        statistic(
            "balanced trace and accuracy",
            found["balanced_trace"],
            core=False,
            otherwise="only at the scales that training gave the neurons",
        ),
    ]
    breaks = [_share_near_zero(fit)]
    if evidence.has("check"):
        error = evidence.rows("check").mean("trace_error")
        note = "relative difference to the trace of the whole Hessian, at one minimum"
        tests.append(statistic("Gauss-Newton trace", error, note=note))
    _add_rescaling(evidence, tests, breaks)
    _add_entropy(evidence, tests, breaks)
    return finding(
        "C2",
        tests,
        f"With test accuracy the trace has ρ = {shown(found['trace'])}, the largest "
        f"eigenvalue {shown(found['lambda_max'])}, the Frobenius norm "
        f"{shown(found['frobenius'])} and the number of eigenvalues above 0.01 "
        f"{shown(found['count'])}; the trace of bad minima is {ratio:.1f} times that of "
        "good ones.",
        breaks,
        [beside(evidence, fit), missing(rows)],
    )


def _add_rescaling(
    evidence: Evidence, tests: list[Statistic], breaks: list[str]
) -> None:
    if not evidence.has("rescaling"):
        return
    rows = evidence.rows("rescaling")
    bad = rows.those(lambda row: row["fraction"] > 0).where(alpha=1.0).mean("trace")
    worst = rows.where(fraction=0.0, alpha=10.0).mean("trace")
    tests.append(
        statistic(
            "trace under rescaling",
            bad / worst,
            core=False,
            otherwise="only at the weights that training gave: rescaling alone turns the order round",
            note="trace of bad minima by that of good ones written with α = 10",
        )
    )
    if worst > bad:
        breaks.append(
            "Curvature is no property of the function: a good minimum written with "
            f"α = 10 computes the same outputs and has the trace {worst:.0f}, above the "
            f"{bad:.0f} of bad minima."
        )


def _add_entropy(evidence: Evidence, tests: list[Statistic], breaks: list[str]) -> None:
    if not evidence.has("entropy"):
        return
    rows = evidence.rows("entropy").converged
    tests.append(
        statistic(
            "trace and accuracy, cross-entropy",
            evidence.rho(rows.where(protocol="matched"), "trace", "accuracy"),
            core=False,
            otherwise="only with the squared loss",
            note="clean cross-entropy 1e-3 for all",
        )
    )
    breaks.append(_confound(evidence, rows))
    good = rows.where(protocol="matched", fraction=0.0)
    late = rows.where(protocol="trained on").those(lambda row: row["fraction"] > 0)
    if late and good and late.mean("trace") < good.mean("trace"):
        breaks.append(
            "Cross-entropies of different size invert it: the Hessian vanishes with the "
            f"loss, so that bad networks (accuracy {late.mean('accuracy'):.2f}) at a "
            f"clean loss of {late.mean('clean_loss'):.0e} have the trace "
            f"{late.mean('trace'):.3g}, and good ones (accuracy "
            f"{good.mean('accuracy'):.2f}) at {good.mean('clean_loss'):.0e} have "
            f"{good.mean('trace'):.3g}."
        )


PROTOCOLS = {
    "unmatched": "clean losses as the first phase leaves them",
    "matched": "one clean loss",
    "temperature": "one clean loss, and a temperature that makes it 0.1 for all",
}
"""Ways to compare minima of the cross-entropy, in words."""


def _confound(evidence: Evidence, rows: Rows) -> str:
    """How large the effect is by each way to compare."""
    said = []
    for protocol, words in PROTOCOLS.items():
        own = rows.where(protocol=protocol)
        good, bad = own.good, own.where(fraction=own.largest("fraction"))
        if not (good and bad):
            continue
        rho = shown(evidence.rho(own, "trace", "accuracy"))
        said.append(
            f"{bad.mean('trace') / good.mean('trace'):.1f} times, ρ = {rho}, at {words}"
        )
    return (
        "Under the cross-entropy the trace of the worst minima is, by that of good ones: "
        + "; ".join(said)
        + "."
    )


def _share_near_zero(fit: Rows) -> str:
    least = fit.least("share_near_zero")
    return (
        f"Every minimum has a share of {least:.3f} or more of its eigenvalues below 0.01, "
        "good and bad alike, since p is far above n C: the share says little, and the "
        "count is tested in its place."
    )
