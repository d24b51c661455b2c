"""What became of a conjecture, in lines."""

from typing import TYPE_CHECKING

from .numerics.conjectures.falsification import CounterexampleFound, Falsification
from .verdict import Status

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["conclusion", "show_falsification"]

_COLOURS = {
    Status.REFUTED: "bold red",
    Status.SUPPORTED: "green",
    Status.UNDECIDED: "yellow",
}


def show_falsification(
    found: Falsification, console: "Console", *, note: str | None = None
) -> None:
    """Show the verdict, the counterexample, and what was tried.

    Parameters
    ----------
    found : Falsification
        The result.
    console : rich.console.Console
        Where.
    note : str, optional
        What to say at the end.
    """
    colour = _COLOURS.get(found.status, "")
    console.print(conclusion(found), style=colour, markup=False, soft_wrap=True)
    if found.counterexample is not None:
        for line in _counterexample(found.counterexample):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    for line in _tried(found):
        console.print(line, style="dim", markup=False, soft_wrap=True)
    if note is not None:
        console.print(note, markup=False, soft_wrap=True)


def conclusion(found: Falsification) -> str:
    """One line: verdict, claim, hypotheses, and why."""
    assumed = f", assuming {', '.join(found.hypotheses)}" if found.hypotheses else ""
    return f"{found.status.value}: {found.claim}{assumed}: {found.reason}"


def _counterexample(shown: CounterexampleFound) -> list[str]:
    at = shown.record()
    sizes = ", ".join(f"{size} = {at[size]}" for size in ("n", "d", "m", "C"))
    lines = [
        "",
        f"f(x) = A σ(W x + b) + c with σ = {at['activation']}, {at['loss']} loss, {sizes}",
        *(f"  {name} = {_matrix(at[name])}" for name in ("X", "W")),
        f"  b = {_vector(at['b'])}",
        f"  A = {_matrix(at['A'])}",
        f"  c = {_vector(at['c'])}",
    ]
    if "r" in at:
        lines.append(f"  r = {_matrix(at['r'])}   (Y = f(X) - r)")
    if "Y" in at:
        lines.append(f"  Y = {_matrix(at['Y'])}")
    if "labels" in at:
        lines.append(f"  labels = {at['labels']}")
    lines += ["", f"  left  = {shown.left}", f"  right = {shown.right}"]
    if not shown.certified:
        lines.append("  in floats alone: nothing certifies it")
    return [*lines, ""]


def _tried(found: Falsification) -> list[str]:
    judged = found.judged
    ways = ", ".join(
        f"{judged[way]:,} of {count:,} by {way}" for way, count in found.tried.items()
    )
    kinds = len(found.kinds)
    networks = f"{kinds} kind{'s' * (kinds != 1)} of networks"
    lines = [f"judged {ways or 'nothing'}; {networks}, seed {found.seed}"]
    nearest = found.nearest
    if nearest is not None and nearest["ratio"] is not None:
        at = nearest["instance"]
        what = "difference / sides" if " == " in found.claim else "left / right"
        lines.append(
            f"nearest in floats: {what} = {nearest['ratio']:.6g} with "
            f"{at['activation']}, n = {at['n']}, d = {at['d']}, m = {at['m']}, "
            f"C = {at['C']}"
        )
    lines += [f"skipped {line}" for line in found.skipped]
    if found.cut:
        lines.append("the clock cut the search: a longer budget does all of it")
    return lines


def _vector(row: list[str]) -> str:
    return f"({', '.join(row)})"


def _matrix(rows: list[list[str]]) -> str:
    return f"({'; '.join(', '.join(row) for row in rows)})"
