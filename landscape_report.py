"""Curvature and volumes at minima, on the terminal."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "missed_lines",
    "show_volumes",
    "volume_lines",
    "volume_rows",
    "volume_summary",
]

COLUMNS = (
    "network",
    "test",
    "λ_max",
    "trace",
    "‖·‖_F",
    "> 0.01",
    "V_k",
    "log E",
    "slope²",
)

SMALL_GAIN = 0.01
"""Share of the loss that one gradient step may gain near a critical point."""


def show_volumes(record: Mapping[str, Any], console: "Console") -> None:
    """Show a volume record: a table for several networks, sentences for one.

    Parameters
    ----------
    record : mapping
        As `landtheory volume --json` gives it.
    console : rich.console.Console
        Where.
    """
    rows = record["networks"]
    if len(rows) == 1:
        _lines(console, volume_lines(rows[0]))
    else:
        from rich.table import Table
        from rich.text import Text

        table = Table(expand=False)
        for column in COLUMNS:
            table.add_column(column, justify="left" if column == "network" else "right")
        for row in volume_rows(rows):
            table.add_row(*map(Text, row))
        console.print(table)
        k = _last(rows[0]["curvature"]["top"], 50)["k"]
        _lines(
            console,
            [
                (
                    f"V_k with k = {k}: what is left out is in the record of each network, "
                    "and may turn round the order of two"
                ),
                *_distances(rows),
            ],
        )
        if "sublevel" in rows[0]:
            for row in rows:
                _lines(console, [f"{row['name']}: {_sublevel(row['sublevel'])}"])
    _lines(console, [*missed_lines(record), volume_summary(record)])


def missed_lines(record: Mapping[str, Any]) -> list[str]:
    """Networks of the run that are not measured: how many, and why not each."""
    missed = record.get("missed", [])
    if not missed:
        return []
    whole = len(record["networks"]) + len(missed)
    return [
        f"{len(missed)} of {whole} networks missed a target and are not measured:",
        *(f"  {one['name']}: {one['reason']}" for one in missed),
    ]


def volume_rows(rows: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    """One network a row, its own scale and that of its balanced neurons."""
    found = []
    for row in rows:
        accuracy = row.get("test_accuracy")
        found.append(
            (
                row["name"],
                "" if accuracy is None else f"{accuracy:.3f}",
                *_numbers(row["curvature"]),
                f"{row['complexity']['mean_square_slope']:.4g}"
                if "complexity" in row
                else "",
            )
        )
        if row["balanced"] is not None:
            found.append(
                ("  balanced", "", *_numbers(row["balanced"]["curvature"]), "")
            )
    return found


def volume_lines(row: Mapping[str, Any]) -> list[str]:
    """All that is known of one network, a sentence or two for each measure."""
    found = row["curvature"]
    lines = [
        (
            f"{row['name']}: p = {row['p']:,}, n = {row['n']:,}, loss {row['loss']:.6g}, "
            f"gradient norm {row['gradient_norm']:.3g}"
        ),
        *_stationarity(row),
        f"spectrum: of the {found['matrix']}, by {found['method']}",
        *_residual(found),
        f"λ_max: {found['largest']:.6g} ± {found['largest_error']:.1e}",
        (
            f"trace: {_interval(found['trace'])}; Frobenius norm: "
            f"{_interval(found['frobenius_norm'])}"
        ),
        "eigenvalues above "
        + ", ".join(f"{c['threshold']:g}: {_count(c)}" for c in found["counts"]),
        (
            f"share within 0.01 of zero: {_interval(found['share_near_zero'])} (near 1 at "
            "every minimum with p much larger than n C)"
        ),
        *(f"V_k = -½ Σ log λ_i, k = {top['k']}: {_top(top)}" for top in _some(found)),
        f"regularised: {_regularised(found['regularised'])}",
    ]
    if "regularised_estimate" in row:
        lines.append(
            "regularised, by random products over all eigenvalues: "
            f"{_interval(row['regularised_estimate'])}"
        )
    if "sublevel" in row:
        lines += [
            f"sublevel set: {_sublevel(row['sublevel'])}",
            _warning(row["sublevel"]),
        ]
    if "complexity" in row:
        lines.append(_complexity(row["complexity"]))
    if "radius" in row:
        lines.append(_radius(row["radius"]))
    if "learning_coefficient" in row:
        lines.append(_learning(row["learning_coefficient"]))
    if row["balanced"] is not None:
        lines.append(_balanced(row["balanced"]))
    return lines


def volume_summary(record: Mapping[str, Any]) -> str:
    """The measurement in one line."""
    rows = record["networks"]
    values = [row["curvature"]["regularised"]["volume"]["value"] for row in rows]
    first = rows[0]["curvature"]["regularised"]
    if len(rows) == 1:
        what = f"-½ Σ log(1 + βτ²λ) = {values[0]:.6g}"
    else:
        what = (
            f"-½ Σ log(1 + βτ²λ) of {len(rows)} networks from {min(values):.6g} to "
            f"{max(values):.6g}"
        )
    strength = first["beta"] * first["variance"]
    missed = len(record.get("missed", []))
    left = f"; {missed} that missed a target left out" if missed else ""
    return f"{what} with βτ² = {strength:g}{left}, seed {record['seed']}"


def _numbers(found: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        f"{found['largest']:.4g}",
        f"{found['trace']['value']:.4g}",
        f"{found['frobenius_norm']['value']:.4g}",
        _count(found["counts"][0]),
        f"{_last(found['top'], 50)['value']:.5g}",
        f"{found['regularised']['volume']['value']:.5g}",
    )


def _last(top: Sequence[Mapping[str, Any]], k: int) -> Mapping[str, Any]:
    """The log-volume of the largest number of eigenvalues up to k."""
    return [one for one in top if one["k"] <= k][-1]


def _some(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Some of them: the few, the middle and the last."""
    chosen = {one["k"]: one for k in (10, 50) for one in [_last(found["top"], k)]}
    chosen[found["top"][-1]["k"]] = found["top"][-1]
    return list(chosen.values())


def _top(top: Mapping[str, Any]) -> str:
    text = f"{top['value']:.6g} in [{top['lower']:.6g}, {top['upper']:.6g}]"
    if top["floored"]:
        text += f", {top['floored']} of them below the floor {top['floor']:g}"
    if top["rest"] is None:
        return f"{text}; what the eigenvalues behind add is unknown"
    if top["rest_count"]:
        text += f"; the next {top['rest_count']} would add {top['rest']:.6g}"
    if top["flat"]:
        text += f"; {top['flat']:,} more are flat: the sum over all is infinite"
    return text


def _regularised(found: Mapping[str, Any]) -> str:
    volume = found["volume"]
    text = (
        f"-½ Σ log(1 + βτ²λ) = {volume['value']:.6g} in [{volume['lower']:.6g}, "
        f"{volume['upper']:.6g}] with β = {found['beta']:g} and τ² = "
        f"{found['variance']:g}"
    )
    if found["negative"]:
        text += f"; {found['negative']} negative eigenvalues count as 0"
    return text


def _sublevel(found: Mapping[str, Any]) -> str:
    bias = found["log_volume"] - found["laplace"]
    text = f"log-volume {found['log_volume']:.6g}"
    interval = found["interval"]
    if interval is None:
        text += " (no interval: not measured)"
    else:
        text += f" in [{interval['lower']:.6g}, {interval['upper']:.6g}] at 95 %"
    text += (
        f" with λ = {found['regulariser']:g} and ε = {found['height']:g}: {bias:+.4g} "
        f"nats from Laplace's {found['laplace']:.6g}; effective sample size "
        f"{found['effective_sample_size']:.3g} of {found['directions']}, halves "
        f"{found['half_difference']:.3g} apart"
    )
    if found["is_monotone"]:
        return f"{text}; every ray rises to the level and stays above"
    return (
        f"{text}; of the rays {found['broken']} fall on their way, {found['left']} leave "
        f"the set before their end and {found['again']} enter it again"
    )


def _warning(found: Mapping[str, Any]) -> str:
    rays = found["isotropic_warning"]
    return (
        f"warning: rays with uniform directions would say {rays['log_volume']:.6g}, "
        f"{rays['bias']:+.4g} nats off, and {rays['quadratic_bias']:+.4g} in the exact "
        f"quadratic bowl (effective sample size {rays['effective_sample_size']:.3g}): "
        "that number is no volume"
    )


def _complexity(found: Mapping[str, Any]) -> str:
    text = (
        f"complexity: E‖∇ₓf‖² = {found['mean_square_slope']:.6g}, largest ‖∇ₓf‖ "
        f"{found['largest_slope']:.6g}; ‖θ‖ = {found['weight_norm']:.6g}"
    )
    if found["path_norm"] is None:
        return text
    return f"{text}; path norm {found['path_norm']:.6g}"


def _radius(found: Mapping[str, Any]) -> str:
    low, middle, high = map(_side, found["quartiles"])
    return (
        f"radius in random directions by filters: median {middle}, quartiles {low} and "
        f"{high}, {found['unbounded']} without end"
    )


def _learning(found: Mapping[str, Any]) -> str:
    return (
        f"local learning coefficient: {found['value']:.4g} ± "
        f"{found['standard_error']:.2g} by a walk with γ = {found['localisation']:g} and "
        f"step {found['step']:g}, its halves {found['drift']:+.2g} apart; "
        f"{found['quadratic']:.4g} in the quadratic bowl"
    )


def _balanced(found: Mapping[str, Any]) -> str:
    there = found["curvature"]
    change = found["output_change"]
    shown = "unknown" if change is None else f"{change:.1e}"
    return (
        f"with balanced neurons: λ_max {there['largest']:.6g}, trace "
        f"{there['trace']['value']:.6g}, Frobenius norm "
        f"{there['frobenius_norm']['value']:.6g}, V_k {_last(there['top'], 50)['value']:.6g}"
        f" at k = {_last(there['top'], 50)['k']} (the outputs change by {shown})"
    )


def _stationarity(row: Mapping[str, Any]) -> list[str]:
    """Whether it is a critical point, to the accuracy that one step of 1/λ shows."""
    sharpness, loss = row["curvature"]["largest"], row["loss"]
    if sharpness <= 0 or loss <= 0:
        return [
            "stationarity: cannot be judged, since λ_max or the loss is not positive"
        ]
    share = row["gradient_norm"] ** 2 / (2 * sharpness * loss)
    near = "near" if share < SMALL_GAIN else "not near"
    return [
        (
            f"stationarity: {near} a critical point: a gradient step of 1/λ_max would "
            f"lower the loss by {share:.2g} of it, to second order (near: below "
            f"{SMALL_GAIN:g})"
        )
    ]


def _residual(spectrum: Mapping[str, Any]) -> list[str]:
    found = spectrum["residual"]
    if found is None:
        return []
    share, worst = found["frobenius_share"], found["worst_share"]
    return [
        (
            f"H - G: {_share(share)} of G in the Frobenius norm, at most {_share(worst)} at "
            f"95 %, and {_share(found['trace_share'])} in the trace; "
            f"{spectrum['resolved']} eigenvalues are above its norm, and what is said of "
            "more of them is said of G alone"
        )
    ]


def _distances(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    found = [row["curvature"]["residual"] for row in rows]
    known = [one["worst_share"] for one in found if one is not None]
    if not known or None in known:
        return []
    return [
        f"H - G is at most {_share(max(known))} of G in the Frobenius norm, at 95 %"
    ]


def _share(value: float | None) -> str:
    return "more than any multiple" if value is None else f"{100 * value:.2g} %"


def _count(found: Mapping[str, Any]) -> str:
    if found["least"] == found["most"]:
        return str(found["least"])
    return f"{found['least']} to {found['most']}"


def _side(value: float | None) -> str:
    return "without end" if value is None else f"{value:.4g}"


def _interval(found: Mapping[str, Any]) -> str:
    if found["level"] == 1:
        return f"{found['value']:.6g}"
    ends = f"[{found['lower']:.6g}, {found['upper']:.6g}]"
    return f"{found['value']:.6g} in {ends} at {100 * found['level']:g} %"


def _lines(console: "Console", lines: Sequence[str]) -> None:
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
