"""Results as tables and as JSON: with the commands, the only place that knows rich."""

from typing import TYPE_CHECKING, Any

from .numerics.run import Run, TheoremVerdict

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["run_record", "show_run", "summary"]

_COLOURS = {
    "proved": "bold green",
    "certified": "green",
    "supported": "green",
    "undecided": "yellow",
    "refuted": "bold red",
}


def show_run(run: Run, console: "Console") -> None:
    """Show a run: theorems, the trained networks, the folklore, and a summary."""
    console.print(_theorem_table(run))
    for line in _troubles(run):
        console.print(line, style="yellow", markup=False, highlight=False)
    if run.real:
        console.print()
        console.print(_real_table(run))
    if run.refutations:
        console.print()
        console.print(_refutation_table(run))
    console.print()
    console.print(summary(run), markup=False, highlight=False)


def summary(run: Run) -> str:
    """One line: how many theorems are verified, mutants refuted, folklore refuted."""
    verified = sum(verdict.verified for verdict in run.theorems)
    proved = sum(verdict.status.value == "proved" for verdict in run.theorems)
    mutants = [m for verdict in run.theorems for m in verdict.result.mutants]
    fallen = sum(m.counterexample is not None for m in mutants)
    parts = [f"{verified} of {len(run.theorems)} theorems verified ({proved} proved)"]
    parts.append(f"{fallen} of {len(mutants)} mutants refuted")
    if run.refutations:
        folklore = sum(r.confirmed for r in run.refutations)
        parts.append(f"{folklore} of {len(run.refutations)} folk claims refuted")
    judged = sum(c.judged for verdict in run.theorems for c in verdict.result.claims)
    parts.append(f"{judged:,} judgements, seed {run.seed}")
    return f"{run.status.value}: " + ", ".join(parts)


def run_record(run: Run, *, version: str, settings: dict[str, Any]) -> dict[str, Any]:
    """The run as JSON: everything but `timing` repeats with the seed."""
    return {
        "command": "verify two-layer",
        "version": version,
        "seed": run.seed,
        "settings": settings,
        "verdict": run.status.value,
        "cut": run.cut,
        "theorems": [_theorem_record(verdict) for verdict in run.theorems],
        "real": [
            {
                "network": real.label,
                "largest_residual": real.residual,
                "iterations": real.iterations,
                "claims": [
                    {
                        "theorem": line.theorem,
                        "claim": line.label,
                        "held": not line.broken,
                        "judged": line.judged,
                        "ratio": _number(line.ratio),
                        "left": _number(line.left),
                        "right": _number(line.right),
                        "bound": _number(line.bound),
                    }
                    for line in real.lines
                ],
            }
            for real in run.real
        ],
        "refutations": [
            {
                "id": r.refutation.id,
                "statement": r.refutation.statement,
                "refuted": r.refuted,
                "confirmed": r.confirmed,
                "numbers": [
                    {"what": what, "value": value, "quoted": quoted}
                    for what, value, quoted in r.shown
                ],
            }
            for r in run.refutations
        ],
        "timing": run.timing,
    }


def _theorem_record(verdict: TheoremVerdict) -> dict[str, Any]:
    result, replay = verdict.result, verdict.replay
    return {
        "id": result.theorem.id,
        "title": result.theorem.title,
        "verdict": verdict.status.value,
        "proved_by": None if verdict.proved_by is None else verdict.proved_by.value,
        "verified": verdict.verified,
        "steps": {
            "checked": 0 if replay is None else replay.checked,
            "of": 0 if replay is None else len(replay.results),
        },
        "derivation": [
            {
                "claim": done.step.claim,
                "statement": done.step.statement,
                "rule": done.step.rule,
                "lemma": None if done.step.lemma is None else done.step.lemma.name,
                "checked": done.checked,
            }
            for done in (() if replay is None else replay.results)
        ],
        "claims": [
            {
                "label": c.claim.label,
                "statement": c.claim.statement,
                "covered": c.covered,
                "verdict": verdict.claim_status(c).value,
                "instances": c.judged,
                "worst_ratio": _number(c.ratio),
                "counterexample": None if c.broken is None else c.broken.record(),
            }
            for c in result.claims
        ],
        "mutants": [
            {
                "name": m.mutant.name,
                "refuted": m.counterexample is not None,
                "counterexample": (
                    None if m.counterexample is None else m.counterexample.record()
                ),
            }
            for m in result.mutants
        ],
        "witnesses": [
            {
                "claims": list(witness.labels),
                "note": witness.note,
                "ratio": _number(ratio),
            }
            for witness, ratio in zip(
                result.theorem.witnesses, result.witness_ratios, strict=True
            )
        ],
        "counterexamples_lost": list(result.lost),
    }


def _number(value: float | None) -> float | None:
    """JSON has no NaN."""
    return None if value is None or value != value else float(value)


def _theorem_table(run: Run) -> Any:
    from rich.table import Table

    table = Table(title="Theorems", title_justify="left", expand=False)
    table.add_column("id", no_wrap=True)
    table.add_column("theorem", overflow="fold", max_width=38)
    table.add_column("steps", justify="right", no_wrap=True)
    table.add_column("instances", justify="right", no_wrap=True)
    table.add_column("worst", justify="right", no_wrap=True)
    table.add_column("mutants", justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for verdict in run.theorems:
        result = verdict.result
        judged = [claim.judged for claim in result.covered]
        fallen = sum(m.counterexample is not None for m in result.mutants)
        colour = _COLOURS[verdict.status.value]
        table.add_row(
            result.theorem.id,
            result.theorem.title,
            _steps(verdict),
            f"{max(judged, default=0):,}",
            _ratio(verdict),
            f"{fallen}/{len(result.mutants)}",
            f"[{colour}]{verdict.status.value}[/{colour}]",
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
    for verdict in run.theorems:
        name = verdict.result.theorem.id
        for claim in verdict.result.covered:
            if claim.broken is not None:
                lines.append(_broken_line(name, claim.claim.label, claim.broken))
            elif not claim.judged:
                lines.append(f"{name}({claim.claim.label}): no instance was judged")
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


def _broken_line(name: str, label: str, found: Any) -> str:
    at = found.instances
    return (
        f"{name}({label}) fails: {found.left!r} against {found.right!r} "
        f"(error bound {found.bound:.1e}) with {at.activation.name}, {at.loss.name}, "
        f"X = {at.x[0].tolist()}, θ = {at.theta[0].tolist()}"
    )


def _real_table(run: Run) -> Any:
    from rich.table import Table

    labels = [real.label for real in run.real]
    table = Table(
        title="Trained networks: "
        + "; ".join(
            f"{real.label}, max |r| = {real.residual:.1e}" for real in run.real
        ),
        title_justify="left",
        caption="left / right of each inequality; 'exact' where an equality held",
        caption_justify="left",
    )
    table.add_column("claim", no_wrap=True)
    for label in labels:
        table.add_column(label, justify="right")
    rows: dict[str, dict[str, str]] = {}
    for real in run.real:
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
