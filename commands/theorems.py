"""`landtheory theorems`."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import InputError
from ..records import check_target
from .options import Debug, Json, NoProgress, Quiet, Seed, console, deliver, values

if TYPE_CHECKING:
    from ..theory.derivation import Step
    from ..theory.theorems import Claim, Theorem

__all__ = ["theorems"]

FORMATS = ("text", "latex", "markdown", "json")


PREAMBLE = r"""% For XeLaTeX or LuaLaTeX: notes hold mathematics in Unicode. In the preamble:
%   \usepackage{amsmath, amssymb, amsthm, fontspec}
%   \setmainfont{STIX Two Text}  % or another font with Greek letters and signs
%   \newtheorem{theorem}{Theorem}"""


def theorems(
    theorem: Annotated[
        list[str] | None,
        typer.Argument(
            help="Ids such as T06 T07 or T06,T07; by default all are listed."
        ),
    ] = None,
    *,
    format: Annotated[  # noqa: A002 - the option's own word
        str | None, typer.Option(help="text (the default), latex, markdown or json.")
    ] = None,
    seed: Seed = 0,
    json: Json = None,
    quiet: Quiet = False,
    no_progress: NoProgress = False,
    debug: Debug = False,
) -> int:
    """List the catalogue, or show theorems in full.

    Nothing in it is random: the seed is recorded, and changes nothing.
    """
    del no_progress, debug
    from .._version import __version__
    from ..theory.catalogue import select

    _check(format, json, quiet=quiet)
    check_target(json)
    ids = values(theorem)
    chosen = select(ids)
    record = {
        "command": "theorems",
        "version": __version__,
        "seed": seed,
        "settings": {"theorems": [t.id for t in chosen]},
        "theorems": [_record(t) for t in chosen],
    }
    if deliver(record, json):
        return 0
    if format == "json":
        deliver(record, "-")
    elif quiet:
        typer.echo(_summary(chosen))
    else:
        _print(chosen, format, in_full=bool(ids))
    return 0


def _print(chosen: tuple["Theorem", ...], style: str | None, *, in_full: bool) -> None:
    if style == "latex":
        typer.echo("\n\n".join([PREAMBLE, *map(_latex, chosen)]))
    elif style == "markdown":
        typer.echo("\n\n".join(map(_markdown, chosen)))
    elif in_full:
        for place, one in enumerate(chosen):
            if place:
                typer.echo("\n")
            _show(one)
    else:
        _list(chosen)


def _check(style: str | None, json: str | None, *, quiet: bool) -> None:
    """What goes to standard output is asked for once."""
    if style is not None and style not in FORMATS:
        raise InputError(f"format is {style!r}; expected one of {', '.join(FORMATS)}")
    if json == "-" and style not in (None, "json"):
        raise InputError(
            f"format is {style!r} with --json -; expected one of them, since both go "
            "to standard output: give --json a file, or drop --format"
        )
    if quiet and style in ("latex", "markdown"):
        raise InputError(
            f"format is {style!r} with --quiet; expected one of them, since --quiet "
            "shows one line alone"
        )


def _summary(chosen: tuple["Theorem", ...]) -> str:
    claims = sum(len(one.claims) for one in chosen)
    mutants = sum(len(one.mutants) for one in chosen)
    return ", ".join(
        f"{number} {word}{'' if number == 1 else 's'}"
        for number, word in (
            (len(chosen), "theorem"),
            (claims, "claim"),
            (mutants, "mutant"),
        )
    )


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
    from ..theory.worlds import NETWORKS, WORLDS

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
    if theorem.worlds != (NETWORKS,):
        section("Judged on", [WORLDS[world] for world in theorem.worlds])
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
    for title, lines in _notes(theorem):
        section(title, lines)


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
    from ..theory.worlds import NETWORKS

    if claim.world != NETWORKS:
        return ""
    parts = []
    if len(claim.activations) < len(ACTIVATIONS):
        parts.append("σ: " + ", ".join(claim.activations))
    if len(claim.losses) < len(LOSSES):
        parts.append(", ".join(claim.losses))
    if claim.outputs == "one":
        parts.append("C = 1")
    parts += [ASSUMPTIONS[name] for name in claim.assumes]
    return f"  [{'; '.join(parts)}]" if parts else ""


def _notes(theorem: "Theorem") -> list[tuple[str, list[str]]]:
    """What is said of a theorem beside its proof, in plain text: headings and items."""
    witnesses = [f"({', '.join(w.labels)}) {w.note}" for w in theorem.witnesses]
    return [
        ("Tight", witnesses),
        ("Fails without", [c.dropped for c in theorem.counterexamples]),
        ("False variants (mutants)", [m.name for m in theorem.mutants]),
        ("Rests on", [", ".join(theorem.uses)] if theorem.uses else []),
        ("Source", [theorem.source]),
    ]


def _latex(theorem: "Theorem") -> str:
    """For a document with the preamble above."""
    from ..tex import escaped

    claims = [
        (f"({c.label})", c.statement + escaped(_where(c))) for c in theorem.claims
    ]
    lines = [
        rf"\begin{{theorem}}[{{{theorem.id}: {escaped(theorem.title)}}}]",
        theorem.statement,
        *_described("Hypotheses.", [("", text) for text in theorem.hypotheses]),
        *_described("Claims.", claims),
        r"\end{theorem}",
        r"\begin{proof}",
        theorem.proof,
        r"\end{proof}",
    ]
    for title, texts in _notes(theorem):
        items = [escaped(text) for text in texts]
        if len(items) == 1:
            lines += ["", rf"\noindent {title}: {items[0]}."]
        else:
            lines += _described(rf"\noindent {title}:", [("", text) for text in items])
    return "\n".join(lines)


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
    from ..tex import literal

    lines = [f"## {theorem.id} {literal(theorem.title)}", "", theorem.statement, ""]
    lines += [f"- Hypothesis: {text}" for text in theorem.hypotheses]
    lines += [
        f"- ({c.label}) {c.statement}{literal(_where(c))}" for c in theorem.claims
    ]
    lines += ["", f"**Proof.** {theorem.proof} ∎"]
    for title, texts in _notes(theorem):
        items = [literal(text) for text in texts]
        if len(items) == 1:
            lines += ["", f"{title}: {items[0]}."]
        elif items:
            lines += ["", f"{title}:", "", *(f"- {item}" for item in items)]
    return "\n".join(lines)


def _record(theorem: "Theorem") -> dict[str, Any]:
    from ..theory.derivations import DERIVATIONS
    from ..theory.worlds import NETWORKS

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
                "world": c.world,
                "assumes": list(c.assumes),
                "activations": list(c.activations) if c.world == NETWORKS else [],
                "losses": list(c.losses) if c.world == NETWORKS else [],
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
