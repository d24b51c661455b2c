"""C5, C6 and C8: widths on lines, networks of other sizes, and volumes of basins."""

import numpy as np

from .association import geometric_mean, sign_test
from .evidence import Evidence, Rows, beside, missing, shown
from .findings import Finding, Statistic, statistic
from .statements import finding

__all__ = ["good_basins_dominate", "good_minima_are_wider", "spectra_of_every_size"]

DAMPING = 0.1
"""δ of the region whose volume is judged: with less, rays meet kinks far away."""

JUSTIFIED = 0.1
"""Share of G that H - G may be where numbers of G are taken for those of H."""

HEIGHT = 0.01
"""Loss above each minimum's at which its side of the line ends."""


def good_minima_are_wider(evidence: Evidence) -> Finding:
    """C5."""
    rows = evidence.rows("lines")
    at = _bounded(rows.where(height=HEIGHT))
    shared, apart = at.where(shared=True), at.where(shared=False)
    wins, ratio = _wins(shared), _ratio(shared)
    others, other = _wins(apart), _ratio(apart)
    tests = [
        statistic(
            "pairs with a wider good side",
            wins / len(shared) if shared else np.nan,
            note=f"one initialisation, {wins} of {len(shared)} pairs",
        ),
        statistic("width ratio", ratio, note="geometric mean, one initialisation"),
        statistic(
            "pairs with a wider good side",
            others / len(apart) if apart else np.nan,
            core=False,
            otherwise="only where both minima come from one initialisation",
            note=f"different initialisations, {others} of {len(apart)} pairs",
        ),
        statistic(
            "width ratio",
            other,
            core=False,
            otherwise="only where both minima come from one initialisation",
            note="geometric mean, different initialisations",
        ),
    ]
    breaks = []
    if apart and not all(test.met for test in tests[2:]):
        breaks.append(
            "With different initialisations there is no such difference: the good side "
            f"is wider in {others} of {len(apart)} pairs, by a factor {other:.2f}. The "
            "line is then hardly more than a random direction."
        )
    high = _bounded(rows.where(shared=True, height=0.1))
    if high:
        breaks.append(
            f"At a loss 0.1 above the minima the factor is {_ratio(high):.2f} with one "
            f"initialisation, in {_wins(high)} of {len(high)} pairs."
        )
    relative = _bounded(rows.where(shared=False, height=HEIGHT), "relative")
    if relative:
        breaks.append(
            "By the weight norm of each minimum, and different initialisations, the "
            f"factor is {_ratio(relative, 'relative'):.2f}, in {_wins(relative, 'relative')}"
            f" of {len(relative)} pairs: bad minima have larger weights."
        )
    chance = sign_test(wins, len(shared)) if shared else np.nan
    return finding(
        "C5",
        tests,
        f"From one initialisation, at a loss {HEIGHT:g} above each minimum, the good "
        f"side is wider in {wins} of {len(shared)} pairs, by a factor {ratio:.2f} "
        f"(sign test: {chance:.1e}).",
        breaks,
        [
            "A factor between one and two is no order of magnitude, whatever a picture suggests."
        ],
    )


def spectra_of_every_size(evidence: Evidence) -> Finding:
    """C6."""
    rows = evidence.rows("sizes")
    fit = rows.converged
    tests, breaks, weakest = [], [], []
    for network in rows.values("network"):
        own = fit.where(network=network)
        rho = evidence.rho(own, "log_volume_50", "accuracy")
        tests.append(
            statistic(
                "volume and accuracy, each size", rho, note=_network(own, network)
            )
        )
        weakest.append(evidence.rho(own, "lambda_max", "accuracy"))
    if rows:
        worst = max(weakest, key=lambda rho: rho.value)
        tests.append(
            statistic(
                "largest eigenvalue, each size",
                worst,
                core=False,
                otherwise="by the volume and not by the largest eigenvalue",
                note="the weakest of the sizes",
            )
        )
    pooled = evidence.rho(fit, "log_volume_50", "accuracy")
    tests.append(
        statistic(
            "volume and accuracy, all sizes",
            pooled,
            core=False,
            otherwise="only inside each size",
        )
    )
    among = evidence.rho(fit.good, "log_volume_50", "accuracy")
    tests.append(
        statistic(
            "volume and accuracy, good minima of all sizes",
            among,
            core=False,
            otherwise="it does not tell which size is better",
        )
    )
    norm = evidence.rho(fit, "weight_norm", "accuracy")
    breaks.append(
        f"Pooled over sizes the volume has ρ = {shown(pooled)} and the weight norm "
        f"{shown(norm)}; among the good minima of all sizes the volume has "
        f"{shown(among)}."
    )
    _add_convolutional(evidence, tests, breaks)
    notes = [beside(evidence, fit), missing(rows)]
    if evidence.has("convolutional"):
        notes.append("Convolutional: " + missing(evidence.rows("convolutional")))
    if evidence.has("closer"):
        notes += _closer(evidence.rows("closer"))
    least = min((t.value for t in tests if t.role == "core"), default=np.nan)
    return finding(
        "C6",
        tests,
        f"Inside each of {len(rows.values('network'))} sizes the log-volume and test "
        f"accuracy have ρ = {least:.2f} or more.",
        breaks,
        notes,
    )


def _closer(rows: Rows) -> list[str]:
    """A few convolutional minima by the Hessian, and what is not measured of them."""
    found = [
        f"{row['network']} at attack fraction {row['fraction']:g}: the 20 largest "
        f"eigenvalues by Lanczos give the log-volume {row['log_volume_20']:.2f} "
        f"(by the Gauss-Newton matrix {row['log_volume_20_gauss_newton']:.2f}); the local "
        f"learning coefficient is {row['coefficient']:.1f} ± {row['standard_error']:.1f}, "
        f"in a quadratic bowl {row['quadratic']:.1f}; the regularised log-volume of the "
        f"Hessian lies, by random products, between {row['regularised_lower']:.0f} and "
        f"{row['regularised_upper']:.0f} nats."
        for row in rows.rows
        if None not in (row["regularised_lower"], row["regularised_upper"])
    ]
    return [
        *found,
        (
            "Not measured for convolutional networks: sampled volumes, since with some "
            "19,000 parameters one to three directions of 64 were all that counted in "
            "trials; the random-direction radius; a balanced representative, which they "
            "do not have; and the numbers by the Hessian for more than one data seed."
        ),
    ]


def good_basins_dominate(evidence: Evidence) -> Finding:
    """C8."""
    every = evidence.rows("volumes")
    rows = every.where(damping=DAMPING)
    ess = rows.least("effective_samples")
    enough = ess >= 10
    good, bad = rows.where(fraction=0.0), rows.those(lambda row: row["fraction"] > 0)
    laplace = good.mean("laplace") - bad.mean("laplace")
    sampled = good.mean("sampled") - bad.mean("sampled")
    tests = [
        statistic(
            "effective sample size",
            ess if enough else np.nan,
            note="least of all minima" + ("" if enough else f": {ess:.1f}, below 10"),
        ),
        statistic("log-volume gap", sampled if enough else np.nan, note="nats"),
    ]
    breaks = [
        (
            "Neither number holds how many basins there are of each kind. That random "
            "starts end in good ones because these fill the space is an inference, and the "
            "rate of bad runs in C4 its only direct evidence."
        ),
    ]
    if not enough:
        breaks.append(
            f"The sampled volume rests on {ess:.1f} directions of "
            f"{rows.rows[0]['directions'] if rows else 0} at worst, so that it has no "
            "interval: it is shown and not relied on."
        )
    broken = sum(row["broken_rays"] > 0 for row in rows.rows)
    if broken:
        breaks.append(
            f"At {broken} of {len(rows)} minima the loss falls again along some ray: "
            "the region is then more than the star that is measured."
        )
    return finding(
        "C8",
        tests,
        "The mean log-volume of good minima less that of bad ones is "
        f"{laplace:.0f} nats by the Hessian (Laplace) and {sampled:.0f} by sampling, of "
        "the region L + (δ/2)‖θ - θ*‖² ≤ L* + ε.",
        breaks,
        [_isotropic(every), _dampings(every)],
    )


def _isotropic(every: Rows) -> str:
    """What sampling without the metric would give, at the least damping."""
    if not every:
        return "No volume was sampled."
    own = every.where(damping=min(every.values("damping")))
    return (
        "A warning, and no volume: directions drawn alike miss Laplace's value by "
        f"{own.mean('isotropic_gap'):.0f} nats at δ = {own.rows[0]['damping']:g}, and by "
        f"{own.mean('isotropic_gap_of_quadratic'):.0f} in the exact quadratic bowl, whose "
        "volume is known."
    )


def _dampings(every: Rows) -> str:
    """How much the gap depends on what makes the volume finite."""
    gaps = []
    for damping in every.values("damping"):
        own = every.where(damping=damping)
        good = own.where(fraction=0.0).mean("laplace")
        bad = own.those(lambda row: row["fraction"] > 0).mean("laplace")
        gaps.append(f"{good - bad:.0f} nats at δ = {damping:g}")
    return (
        "The gap depends on δ, which bounds the region in flat directions: by Laplace "
        + ", ".join(gaps)
        + "."
    )


def _add_convolutional(
    evidence: Evidence, tests: list[Statistic], breaks: list[str]
) -> None:
    if not evidence.has("convolutional"):
        return
    rows = evidence.rows("convolutional")
    for network in rows.values("network"):
        own = rows.converged.where(network=network)
        words = _network(own, network)
        volume = evidence.rho(own, "log_volume_50", "accuracy")
        largest = evidence.rho(own, "lambda_max", "accuracy")
        tests += [
            statistic(
                "volume and accuracy, convolutional",
                volume,
                core=False,
                otherwise=f"not in {network}",
                note=words,
            ),
            statistic(
                "largest eigenvalue, convolutional",
                largest,
                core=False,
                otherwise=f"in {network} the largest eigenvalue has the wrong sign",
                note=words,
            ),
        ]
        apart = own.mean("residual_share") if own else np.nan
        if apart > JUSTIFIED:
            breaks.append(
                f"In {network} the Gauss-Newton matrix is {100 * apart:.0f} % away from "
                "the Hessian in the Frobenius norm: its numbers are its own."
            )
        if largest.value > 0:
            breaks.append(
                f"In {network} the largest eigenvalue has the wrong sign: ρ = "
                f"{shown(largest)}, with the log-volume {shown(volume)}."
            )


def _network(rows: Rows, name: str) -> str:
    p = int(rows.rows[0]["p"]) if rows else 0
    return f"{name}, p = {p:,}, {len(rows)} minima"


def _bounded(rows: Rows, kind: str = "width") -> Rows:
    """Lines on which both widths end somewhere."""
    names = (f"good_{kind}", f"bad_{kind}")
    return rows.those(lambda row: all(row.get(name) is not None for name in names))


def _wins(rows: Rows, kind: str = "width") -> int:
    return int((rows.column(f"good_{kind}") > rows.column(f"bad_{kind}")).sum())


def _ratio(rows: Rows, kind: str = "width") -> float:
    if not rows:
        return np.nan
    return geometric_mean(rows.column(f"good_{kind}") / rows.column(f"bad_{kind}"))
