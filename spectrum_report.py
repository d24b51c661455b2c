"""A deep-spectrum run on the terminal: tables, intervals and sentences."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .pictures import density_blocks

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "density_lines",
    "eigenvalue_rows",
    "facts",
    "head",
    "layer_rows",
    "show_plan",
    "show_spectrum",
    "stationarity",
    "summary",
    "title",
]

SMALL_GAIN = 0.01
"""Share of the loss that one gradient step may gain near a critical point."""

OPERATORS = {
    "hessian": "Hessian",
    "ggn": "Gauss-Newton matrix",
    "fisher": "Fisher matrix",
}
WHICH = {
    "LA": "largest eigenvalues",
    "SA": "smallest eigenvalues",
    "LM": "eigenvalues of largest magnitude",
    "BE": "eigenvalues from both ends",
}


def show_spectrum(
    record: Mapping[str, Any], arrays: Mapping[str, Any], console: "Console"
) -> None:
    """Show a run, from its record and arrays: one that was just made, or a stored one."""
    _lines(console, head(record))
    console.print()
    _lines(console, [title(record)])
    console.print(_table(("", "λ", "±", ""), eigenvalue_rows(record)))
    for name, value in facts(record):
        _lines(console, [f"{name}: {value}"])
    picture = density_lines(record, arrays)
    if picture:
        console.print()
        _lines(console, picture)
    if "layers" in record:
        console.print()
        columns = ("layer", "p", "λ", "±", "", "trace")
        console.print(_table(columns, layer_rows(record)))
    console.print()
    _lines(console, [stationarity(record), *record["notices"], summary(record)])


def head(record: Mapping[str, Any]) -> list[str]:
    """What the run is of, and where it was evaluated."""
    net, at = record["network"], record["point"]
    trained = record["training"]
    how = "not trained here" if trained is None else f"{trained['epochs']} epochs"
    sizes = f"p = {net['p']:,}, n = {net['n_used']:,} of {net['n_total']:,}"
    where = f"{net['dtype']} on {net['device']}"
    numbers = f"loss {at['loss']:.6g}, accuracy {at['accuracy']:.4f}"
    return [
        f"{net['model']} on {net['data']}: {sizes}, {where}, {how}",
        f"{numbers}, gradient norm {at['gradient_norm']:.4g}",
    ]


def title(record: Mapping[str, Any]) -> str:
    """What the table holds."""
    settings = record["settings"]
    return f"{OPERATORS[settings['operator']]}: {WHICH[settings['which']]}"


def eigenvalue_rows(record: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Number, eigenvalue, bound, and whether it is as near as was asked."""
    return [
        (str(i), *_pair(row)) for i, row in enumerate(record["eigenvalues"], start=1)
    ]


def layer_rows(record: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Layer, size, outermost eigenvalue with its bound, and trace."""
    return [
        (row["layer"], f"{row['p']:,}", *_pair(row), _interval(row["trace"]))
        for row in record.get("layers", [])
    ]


def facts(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Estimates with their intervals, and what they cost."""
    found = [
        (name, _interval(record[key]))
        for key, name in (("trace", "trace"), ("frobenius_norm", "Frobenius norm"))
        if key in record
    ]
    if "log_volume" in record:
        volume = record["log_volume"]
        text = f"{_interval(volume)}, damping {volume['damping']:g}, height "
        found.append(("log-volume", text + f"{volume['height']:g}"))
    for name, part in record.get("class_structure", {}).items():
        found.append(
            (f"trace of G, {name.replace('_', ' ')}", _interval(part["trace"]))
        )
    products = record["products"]
    spent = [f"{count} {name}" for name, count in products.items() if name != "total"]
    found.append(("products", f"{products['total']} ({', '.join(spent)})"))
    return found


def density_lines(record: Mapping[str, Any], arrays: Mapping[str, Any]) -> list[str]:
    """The density in Unicode blocks; nothing if it was not asked for."""
    if "density" not in record:
        return []
    about = record["density"]
    made = f"{about['deflated']} deflated, {about['probes']} probes x {about['steps']}"
    return [
        f"density, height = log of the number of eigenvalues ({made} steps)",
        *density_blocks(
            arrays["density_nodes"],
            arrays["density_weights"],
            p=record["network"]["p"],
        ),
    ]


def stationarity(record: Mapping[str, Any]) -> str:
    """Whether this is near a critical point, in one sentence with its reason."""
    at = record["point"]
    loss, gain = at["loss"], at["gain"]
    if gain is None or loss <= 0:
        return "stationarity: cannot be judged, since λ or the loss is 0"
    share = gain / loss
    near = "near" if share < SMALL_GAIN else "not near"
    return (
        f"stationarity: {near} a critical point: a gradient step of 1/λ would lower the "
        f"loss by {share:.2g} of it, to second order (near: below {SMALL_GAIN:g})"
    )


def summary(record: Mapping[str, Any]) -> str:
    """The run in one line."""
    rows = record["eigenvalues"]
    converged = sum(row["converged"] for row in rows)
    first = rows[0]
    return (
        f"{converged} of {len(rows)} eigenvalues converged, the first is "
        f"{first['value']:.6g} ± {first['bound']:.1e}, "
        f"{record['products']['total']} products, seed {record['seed']}"
    )


def show_plan(record: Mapping[str, Any], console: "Console") -> None:
    """What would run."""
    plan, settings = record["plan"], record["settings"]
    stages = [f"train {plan['epochs']} epochs"] if plan["epochs"] else []
    stages.append(f"{settings['k']} {WHICH[settings['which']]}")
    parts = ("trace", "density", "volume", "layers", "classes")
    stages += [name for name in parts if settings[name]]
    name = f"{settings['model']} on {settings['data']}"
    products = (
        f"at most {plan['most_products']} for the eigenvalues, "
        f"{plan['verification_products']} to verify them, {plan['trace_products']} "
        f"for the trace, {plan['density_products']} for the density"
    )
    memory = (
        f"{_bytes(plan['bytes_needed'])} for vectors at most, "
        f"{_bytes(plan['bytes_available'])} are available"
    )
    disk = f"{_bytes(plan['bytes_per_product'])} a product until the run is complete"
    lines = [
        f"{name}: p = {plan['p']:,}, n = {plan['n']:,}",
        f"would run: {', '.join(stages)}",
        f"products: {products}",
        f"memory: {memory}",
        f"disk, with --out: {disk}",
    ]
    _lines(console, lines)


def _bytes(count: int) -> str:
    size = float(count)
    for unit in ("B", "KiB", "MiB"):
        if size < 1024:
            return f"{size:.3g} {unit}"
        size /= 1024
    return f"{size:,.1f} GiB"


def _pair(row: Mapping[str, Any]) -> tuple[str, str, str]:
    word = "converged" if row["converged"] else "not converged"
    return f"{row['value']:.8g}", f"{row['bound']:.1e}", word


def _interval(found: Mapping[str, Any]) -> str:
    if found["level"] == 1:
        return f"{found['value']:.6g} (nothing left to chance)"
    ends = f"[{found['lower']:.6g}, {found['upper']:.6g}]"
    return f"{found['value']:.6g} in {ends} at {100 * found['level']:g} %"


def _table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Any:
    from rich.table import Table
    from rich.text import Text

    table = Table(expand=False)
    for column in columns:
        numeric = column in ("λ", "±", "p", "")
        table.add_column(
            column, justify="right" if numeric else "left", no_wrap=numeric
        )
    for row in rows:
        # names are the user's: no markup in them
        table.add_row(*map(Text, row))
    return table


def _lines(console: "Console", lines: list[str]) -> None:
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
