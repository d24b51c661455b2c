"""What `doctor` found, check by check, in sentences."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["findings", "show_diagnosis"]

NOISE = 1e-4
"""Relative error of a product from which eigenvalues lose their fourth digit."""

SMALL_GAIN = 0.01
"""Share of the loss that the gradient's parabola may gain near a critical point."""

Finding = tuple[str, str, str]
"""Check, ok or look, sentence."""


def show_diagnosis(record: Mapping[str, Any], console: "Console") -> None:
    """Show every finding, in a table."""
    from rich.table import Table
    from rich.text import Text

    table = Table(expand=False)
    for column in ("check", "", "finding"):
        table.add_column(column, no_wrap=column != "finding", overflow="fold")
    for row in findings(record):
        table.add_row(*map(Text, row))
    console.print(table)


def findings(record: Mapping[str, Any]) -> list[Finding]:
    """Every check with what it found.

    Parameters
    ----------
    record : mapping
        As `--json` gives it.
    """
    return [
        _determinism(record["determinism"]),
        _mode(record["modules"]),
        _parameters(record["parameters"]),
        _symmetry(record["rounding"]),
        _precision(record["rounding"]),
        _stationarity(record["stationarity"]),
        _ratio(record["residual_to_gauss_newton"]),
        _memory(record["memory"], record["plan"]),
        _time(record["timing"], record["plan"]),
    ]


def _determinism(found: Mapping[str, Any]) -> Finding:
    calls, gap = found["nondeterministic_calls"], found["repeated_gap"]
    if calls or gap:
        named = f" by {', '.join(calls)}" if calls else ""
        text = f"a repeated product differs by {gap:.1e}{named}"
        return "determinism", "look", text
    return "determinism", "ok", "a repeated product has the same bits"


def _mode(found: Mapping[str, Any]) -> Finding:
    text = (
        f"evaluated with {found['batch_norms']} batch normalisations on their running "
        f"statistics and {found['dropouts']} dropouts off"
    )
    return "mode", "ok", text


def _parameters(found: Mapping[str, Any]) -> Finding:
    tied = "; ".join(" = ".join(group) for group in found["tied"]) or "none"
    text = f"p = {found['p']:,}; tied: {tied}; frozen: {len(found['frozen'])}"
    return "parameters", "look" if found["frozen"] else "ok", text


def _symmetry(found: Mapping[str, Any]) -> Finding:
    gap = found["asymmetry"]
    text = f"|uᵀHv - vᵀHu| = {gap:.1e} ‖u‖ ‖Hv‖ for random u and v"
    return "symmetry", _status(gap), text


def _precision(found: Mapping[str, Any]) -> Finding:
    gap = found["float64_gap"]
    if gap is None:
        return "precision", "look", "the device has no float64 to compare with"
    text = f"a product differs from float64 by {gap:.1e}, on {found['samples']} samples"
    return "precision", _status(gap), text


def _stationarity(found: Mapping[str, Any]) -> Finding:
    start = f"loss {found['loss']:.4g}, gradient norm {found['gradient_norm']:.3g}: "
    if found["curvature"] is None:
        return "stationarity", "ok", start + "a critical point"
    if found["gain"] is None or found["loss"] <= 0:
        text = "the loss curves downwards along its gradient: no minimum is near"
        return "stationarity", "look", start + text
    share = found["gain"] / found["loss"]
    near = share < SMALL_GAIN
    text = (
        f"{'near' if near else 'not near'} a critical point, the best step along the "
        f"gradient lowers the loss by {share:.2g} of it, to second order"
    )
    return "stationarity", "ok" if near else "look", start + text


def _ratio(found: Mapping[str, Any]) -> Finding:
    if found["value"] is None:
        return "H = G + F", "look", "G is 0: the outputs do not depend on the weights"
    ends = f"at least {found['lower'] or 0:.3g}"
    if found["upper"] is not None:
        ends = f"in [{found['lower'] or 0:.3g}, {found['upper']:.3g}]"
    text = f"‖F‖ / ‖G‖ = {found['value']:.3g} {ends} at {100 * found['level']:g} %"
    small = found["value"] < 1
    more = "the Gauss-Newton part dominates" if small else "F outweighs G"
    return "H = G + F", "ok" if small else "look", f"{text}: {more}"


def _memory(found: Mapping[str, Any], plan: Mapping[str, Any]) -> Finding:
    text = (
        f"{found['recorded']} of {found['micro_batches']} micro-batches recorded "
        f"({_gib(found['bytes_recorded'])}), vectors of a default run "
        f"{_gib(plan['bytes_needed'])} at most, {_gib(plan['bytes_available'])} "
        f"available; {found['method']}"
    )
    return "memory", "ok", text


def _time(timing: Mapping[str, float], plan: Mapping[str, Any]) -> Finding:
    each = timing["product"]
    known = sum(
        plan[f"{name}_products"] for name in ("verification", "trace", "density")
    )
    text = (
        f"{each:.2g} s a product, {timing['gradient']:.2g} s a gradient; "
        f"{known * each:.0f} s for {known} products of a default run beside those of the "
        f"eigenvalues, which may be 25 or at most {plan['most_products']}"
    )
    return "time", "ok", text


def _status(gap: float) -> str:
    return "ok" if gap < NOISE else "look"


def _gib(count: int) -> str:
    return f"{count / 2**30:.2f} GiB"
