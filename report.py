"""A verification run as tables: with the commands, reports alone know rich."""

from typing import TYPE_CHECKING, Any

from .numerics.rejudge import FAILED
from .numerics.results import ClaimResult
from .numerics.run import Run, TheoremVerdict
from .numerics.worlds.counterexample import WorldCounterexample

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["show_run", "summary"]

_COLOURS = {
    "proved": "bold green",
    "certified": "green",
    "supported": "green",
    "undecided": "yellow",
    "refuted": "bold red",
}

MANY = 100
"""Numbers of a counterexample beyond which a line does not list them."""

WIDE = 80
"""Columns from which all of a theorem's numbers are shown beside its title."""


def show_run(run: Run, console: "Console") -> None:
    """Show a run: theorems, the trained networks, the folklore, and a summary."""
    console.print(_theorem_table(run, wide=console.width >= WIDE))
    for line in _troubles(run):
        console.print(line, style="yellow", markup=False, highlight=False)
    if any(real.untrained is None for real in run.real):
        console.print()
        console.print(_real_table(run))
    for line in _absences(run):
        console.print(line, style="yellow", markup=False, highlight=False)
    if run.refutations:
        console.print()
        console.print(_refutation_table(run))
    console.print()
    console.print(summary(run), markup=False, highlight=False, soft_wrap=True)


def summary(run: Run) -> str:
    """One line: how many theorems are verified, mutants refuted, folklore refuted."""
    verified = sum(verdict.verified for verdict in run.theorems)
    proved = sum(verdict.status.value == "proved" for verdict in run.theorems)
    mutants = [m for verdict in run.theorems for m in verdict.result.mutants]
    fallen = sum(m.refuted for m in mutants)
    certified = sum(m.certified for m in mutants)
    parts = [f"{verified} of {len(run.theorems)} theorems verified ({proved} proved)"]
    if run.uncovered:
        parts.append(f"{len(run.uncovered)} not covered by these networks")
    parts.append(
        f"{fallen} of {len(mutants)} mutants refuted ({certified} certified in balls)"
    )
    if run.refutations:
        folklore = sum(r.confirmed for r in run.refutations)
        parts.append(f"{folklore} of {len(run.refutations)} folk claims refuted")
    missing = sum(real.untrained is not None for real in run.real)
    if missing:
        parts.append(f"{missing} of {len(run.real)} networks not trained")
    judged = sum(c.judged for verdict in run.theorems for c in verdict.result.claims)
    parts.append(_refereed(run))
    parts.append(f"{judged:,} judgements, seed {run.seed}")
    return f"{run.status.value}: " + ", ".join(parts)


def _refereed(run: Run) -> str:
    """How many of the instances nearest to breaking were judged again, and how."""
    outcomes = [
        ruling.judgement.outcome
        for verdict in run.theorems
        for claim in verdict.result.covered
        for ruling in claim.rulings
    ]
    sure = sum(outcome in ("holds", "equal") for outcome in outcomes)
    return f"{sure} of {len(outcomes)} closest calls held in ball arithmetic"


def _theorem_table(run: Run, *, wide: bool) -> Any:
    from rich.table import Table

    table = Table(title="Theorems", title_justify="left", caption_justify="left")
    table.add_column("id", no_wrap=True)
    table.add_column("theorem", overflow="fold", min_width=12, max_width=38)
    if wide:
        table.add_column("steps", justify="right", no_wrap=True)
        table.add_column("instances", justify="right", no_wrap=True)
        table.caption = "instances: of the claim that was judged at the fewest"
    else:
        table.caption = "steps and instances: in a terminal of 80 columns"
    table.add_column("worst", justify="right", no_wrap=True)
    table.add_column("mutants", justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for verdict in run.theorems:
        result = verdict.result
        judged = [claim.judged for claim in result.covered]
        fallen = sum(m.refuted for m in result.mutants)
        colour = _COLOURS[verdict.status.value]
        table.add_row(
            result.theorem.id,
            result.theorem.title,
            *((_steps(verdict), f"{min(judged, default=0):,}") if wide else ()),
            _ratio(verdict),
            f"{fallen}/{len(result.mutants)}",
            f"[{colour}]{verdict.status.value}[/{colour}]",
        )
    for theorem in run.uncovered:
        table.add_row(
            theorem.id, theorem.title, *("–" * (4 if wide else 2)), "not covered"
        )
    return table


def _steps(verdict: TheoremVerdict) -> str:
    if verdict.replay is None:
        return "–"
    return f"{verdict.replay.checked}/{len(verdict.replay.results)}"


def _ratio(verdict: TheoremVerdict) -> str:
    ratios = [
        claim.ratio
        for claim in verdict.result.covered
        if claim.claim.law.relation != "==" and claim.ratio == claim.ratio
    ]
    return f"{max(ratios):.4f}" if ratios else "exact"


def _troubles(run: Run) -> list[str]:
    lines = []
    if run.uncovered:
        names = ", ".join(theorem.id for theorem in run.uncovered)
        lines.append(f"not covered by these networks: {names}")
    for verdict in run.theorems:
        name = verdict.result.theorem.id
        for claim in verdict.result.covered:
            if claim.broken is not None:
                lines.append(_broken_line(name, claim.claim.label, claim.broken))
                lines += _rulings_on_failure(claim)
            elif not claim.judged:
                lines.append(f"{name}({claim.claim.label}): no instance was judged")
            elif any(ruling.calibrated is False for ruling in claim.rulings):
                lines.append(
                    f"{name}({claim.claim.label}): an error bound of the floats does "
                    "not contain the exact value"
                )
        lines += [
            f"{name}: mutant survives: {m.name}" for m in verdict.result.surviving
        ]
        lines += [f"{name}: not confirmed: {what}" for what in verdict.result.lost]
        lines += [
            f"{name}: not tight at its witness: {w.note}" for w in verdict.result.slack
        ]
    if run.cut:
        lines.append("the clock cut the sweeps at three times the budget")
    return lines


def _rulings_on_failure(claim: ClaimResult) -> list[str]:
    """What the referee says where floats say that a claim fails."""
    return [
        f"  the referee: {ruling.judgement.outcome}, {ruling.judgement.left} against "
        f"{ruling.judgement.right}: {ruling.judgement.reason}"
        for ruling in claim.rulings
        if ruling.way == FAILED or ruling.judgement.outcome == "fails"
    ]


def _broken_line(name: str, label: str, found: Any) -> str:
    if isinstance(found, WorldCounterexample):
        values = found.record()["instance"]
        where = ", ".join(f"{key} = {value}" for key, value in values.items())
        return (
            f"{name}({label}) fails, which is certified: {found.left} against "
            f"{found.right} at {found.world} with {where}".replace("'", "")
        )
    at = found.instances
    where = f"X = {at.x[0].tolist()}, θ = {at.theta[0].tolist()}"
    if at.x.size + at.theta.size > MANY:
        where = f"n = {at.x.shape[1]}, {at.theta.size} parameters: see --json for them"
    return (
        f"{name}({label}) fails: {found.left!r} against {found.right!r} "
        f"(error bound {found.bound:.1e}) with {at.activation.name}, {at.loss.name}, "
        f"{where}"
    )


def _absences(run: Run) -> list[str]:
    """What was not judged at trained networks, and why."""
    lines = []
    for real in run.real:
        if real.untrained is not None:
            lines.append(f"{real.label} not trained: {real.untrained}")
        elif real.skipped:
            lines.append(
                f"not judged with {real.label}, which is too large for their spectra: "
                + ", ".join(real.skipped)
            )
    return lines


def _real_table(run: Run) -> Any:
    from rich.table import Table

    trained = [real for real in run.real if real.untrained is None]
    labels = [real.label for real in trained]
    table = Table(
        title="Trained networks: "
        + "; ".join(f"{real.label}, max |r| = {real.residual:.1e}" for real in trained),
        title_justify="left",
        caption="left / right of each inequality; 'exact' where an equality held",
        caption_justify="left",
    )
    table.add_column("claim", no_wrap=True)
    for label in labels:
        table.add_column(label, justify="right")
    rows: dict[str, dict[str, str]] = {}
    for real in trained:
        for line in real.lines:
            key = f"{line.theorem}({line.label})"
            cells = rows.setdefault(key, {})
            cells[real.label] = _worse(cells.get(real.label), line)
    for key, cells in rows.items():
        table.add_row(key, *(cells.get(label, "–") for label in labels))
    return table


def _worse(known: str | None, line: Any) -> str:
    if line.broken or known == "BROKEN":
        return "BROKEN"
    if not line.judged:
        return known or "open"
    if line.relation == "==":
        return known or "exact"
    text = "0" if line.ratio != line.ratio else f"{line.ratio:.4g}"
    if known in (None, "exact", "open"):
        return text
    return max(known, text, key=float)


def _refutation_table(run: Run) -> Any:
    from rich.table import Table

    table = Table(title="Folklore", title_justify="left")
    table.add_column("id", no_wrap=True)
    table.add_column("false statement", overflow="fold", max_width=44)
    table.add_column("what happens", overflow="fold")
    table.add_column("verdict", no_wrap=True)
    for r in run.refutations:
        numbers = "; ".join(f"{what}: {value:.6g}" for what, value, _ in r.shown)
        colour = "green" if r.confirmed else "bold red"
        word = "refuted" if r.confirmed else "not confirmed"
        table.add_row(
            r.refutation.id,
            r.refutation.statement,
            numbers,
            f"[{colour}]{word}[/{colour}]",
        )
    return table
