"""`landtheory theorems`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InputError
from .options import Debug, Json, console, deliver

if TYPE_CHECKING:
    from ..theory.derivation import Step
    from ..theory.theorems import Claim, Theorem

__all__ = ["theorems"]

FORMATS = ("text", "latex", "markdown", "json")


def theorems(
    theorem: Annotated[
        str | None, typer.Argument(help="An id such as T06; all are listed by default.")
    ] = None,
    *,
    format: Annotated[  # noqa: A002 - the option's own word
        str, typer.Option(help="text, latex, markdown or json.")
    ] = "text",
    json: Json = None,
    debug: Debug = False,
) -> int:
    """List the catalogue, or show one theorem in full."""
    del debug
    from ..theory.catalogue import THEOREMS, get_theorem

    if format not in FORMATS:
        raise InputError(f"format is {format!r}; expected one of {', '.join(FORMATS)}")
    chosen = (get_theorem(theorem),) if theorem else tuple(THEOREMS.values())
    record = {"command": "theorems", "theorems": [_record(t) for t in chosen]}
    if deliver(record, "-" if format == "json" else json):
        return 0
    if format == "latex":
        typer.echo("\n\n".join(map(_latex, chosen)))
    elif format == "markdown":
        typer.echo("\n\n".join(map(_markdown, chosen)))
    elif theorem:
        _show(chosen[0])
    else:
        _list(chosen)
    return 0


def _list(chosen: tuple["Theorem", ...]) -> None:
    from rich.table import Table

    table = Table()
    table.add_column("id", no_wrap=True)
    table.add_column("theorem", overflow="fold")
    table.add_column("topic", no_wrap=True)
    table.add_column("claims", justify="right")
    table.add_column("mutants", justify="right")
    for one in chosen:
        table.add_row(
            one.id, one.title, one.topic, str(len(one.claims)), str(len(one.mutants))
        )
    console().print(table)


def _show(theorem: "Theorem") -> None:
    from ..tex import plain
    from ..theory.derivations import DERIVATIONS

    out = console()

    def section(title: str, lines: list[str]) -> None:
        if lines:
            out.print()
            out.print(title, style="bold", markup=False)
            for line in lines:
                out.print(f"  {line}", markup=False)

    out.print(f"{theorem.id}  {theorem.title}", style="bold", markup=False)
    section("Statement", [plain(theorem.statement)])
    section("Hypotheses", [plain(text) for text in theorem.hypotheses])
    section(
        "Claims",
        [f"({c.label}) {plain(c.statement)}{_where(c)}" for c in theorem.claims],
    )
    section("Proof", [f"{plain(theorem.proof)} ∎"])
    derivation = DERIVATIONS.get(theorem.id)
    if derivation is not None:
        section(
            "Derivation, replayed by `landtheory verify two-layer`",
            [line for step in derivation.steps for line in _step(step)],
        )
        section(
            "Classical lemmas that it rests on",
            [
                f"{lemma.name}: if {' and '.join(lemma.premises)}, then"
                f" {lemma.conclusion}. {lemma.source}."
                for lemma in derivation.lemmas
            ],
        )
    if theorem.witnesses:
        section(
            "Tight", [f"({', '.join(w.labels)}) {w.note}" for w in theorem.witnesses]
        )
    section("Fails without", [c.dropped for c in theorem.counterexamples])
    section("False variants (mutants)", [m.name for m in theorem.mutants])
    section("Rests on", [", ".join(theorem.uses)] if theorem.uses else [])
    section("Source", [theorem.source])


def _step(step: "Step", indent: str = "") -> list[str]:
    """A step, and under it what a lemma that it applies assumes."""
    by = "" if step.lemma is None else f"  [{step.lemma.name}]"
    letter = "" if indent else f"({step.claim}) "
    lines = [f"{indent}{letter}{step.statement}{by}"]
    for premise in step.premises:
        lines += _step(premise, indent + "    ")
    return lines


def _where(claim: "Claim") -> str:
    """What the claim is restricted to, in brackets."""
    from ..theory.activations import ACTIVATIONS
    from ..theory.losses import LOSSES
    from ..theory.theorems import ASSUMPTIONS

    parts = []
    if len(claim.activations) < len(ACTIVATIONS):
        parts.append("σ: " + ", ".join(claim.activations))
    if len(claim.losses) < len(LOSSES):
        parts.append(", ".join(claim.losses))
    if claim.outputs == "one":
        parts.append("C = 1")
    parts += [ASSUMPTIONS[name] for name in claim.assumes]
    return f"  [{'; '.join(parts)}]" if parts else ""


def _latex(theorem: "Theorem") -> str:
    """For a document with amsmath, amssymb, amsthm and an environment `theorem`."""
    return "\n".join(
        [
            rf"\begin{{theorem}}[{theorem.id}: {theorem.title}]",
            theorem.statement,
            *_described("Hypotheses.", [("", text) for text in theorem.hypotheses]),
            *_described(
                "Claims.", [(f"({c.label})", c.statement) for c in theorem.claims]
            ),
            r"\end{theorem}",
            r"\begin{proof}",
            theorem.proof,
            r"\end{proof}",
        ]
    )


def _described(title: str, items: list[tuple[str, str]]) -> list[str]:
    if not items:
        return []
    return [
        "",
        title,
        r"\begin{itemize}",
        *(rf"  \item{f'[{label}]' if label else ''} {text}" for label, text in items),
        r"\end{itemize}",
    ]


def _markdown(theorem: "Theorem") -> str:
    lines = [f"## {theorem.id} {theorem.title}", "", theorem.statement, ""]
    lines += [f"- Hypothesis: {text}" for text in theorem.hypotheses]
    lines += [f"- ({c.label}) {c.statement}{_where(c)}" for c in theorem.claims]
    lines += ["", f"**Proof.** {theorem.proof} ∎", ""]
    lines += [f"- Tight: {w.note}" for w in theorem.witnesses]
    lines += [f"- Fails without: {c.dropped}" for c in theorem.counterexamples]
    lines += ["", f"Source: {theorem.source}."]
    return "\n".join(lines)


def _record(theorem: "Theorem") -> dict[str, Any]:
    from ..theory.derivations import DERIVATIONS

    derivation = DERIVATIONS.get(theorem.id)
    steps = () if derivation is None else derivation.steps
    return {
        "id": theorem.id,
        "title": theorem.title,
        "topic": theorem.topic,
        "statement": theorem.statement,
        "hypotheses": list(theorem.hypotheses),
        "claims": [
            {
                "label": c.label,
                "statement": c.statement,
                "assumes": list(c.assumes),
                "activations": list(c.activations),
                "losses": list(c.losses),
                "outputs": c.outputs,
            }
            for c in theorem.claims
        ],
        "witnesses": [
            {"claims": list(w.labels), "note": w.note} for w in theorem.witnesses
        ],
        "counterexamples": [c.dropped for c in theorem.counterexamples],
        "mutants": [m.name for m in theorem.mutants],
        "uses": list(theorem.uses),
        "proof": theorem.proof,
        "derivation": [
            {
                "claim": step.claim,
                "statement": step.statement,
                "rule": step.rule,
                "lemma": None if step.lemma is None else step.lemma.name,
            }
            for step in steps
        ],
        "source": theorem.source,
    }
