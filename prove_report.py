"""What `prove` found: a row for each theorem, or statements in full."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from .proofs import all_refusals

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["proof_summary", "show_proofs", "unproved"]

AXIOMS: Final = ("none", "reals", "reals+float", "others")
"""What statements may rest on, from nothing to what no statement may."""

Rows = Mapping[str, Mapping[str, Any]]


def unproved(record: Mapping[str, Any], ids: Sequence[str]) -> list[str]:
    """Why not all that was asked for is proved, in sentences; none if it is.

    Parameters
    ----------
    record : mapping
        Of the check.
    ids : sequence of str
        What was asked for; all of the library where none is named.
    """
    sentences = [one["sentence"] for one in _refusals(record, ids)]
    sentences += [
        f"{one} has no formal statement" for one in ids if not _rows(record, one)
    ]
    return list(dict.fromkeys(sentences))


def show_proofs(
    record: Mapping[str, Any], ids: Sequence[str], console: "Console"
) -> None:
    """Show a row for each theorem; or, where ids are given, their statements in full."""
    if ids:
        for one in ids:
            _show_theorem(record, one, console)
    else:
        _show_table(record, console)
    for sentence in unproved(record, ids):
        console.print(f"refused: {sentence}", markup=False)
    console.print(proof_summary(record, ids), markup=False, soft_wrap=True)


def proof_summary(record: Mapping[str, Any], ids: Sequence[str]) -> str:
    """One line: what is checked, on what it rests, and how it was tried."""
    rows = {
        name: row
        for name, row in record["statements"].items()
        if not ids or set(ids) & set(row["ids"])
    }
    done = {name: row for name, row in rows.items() if row["checked"]}
    spoken = [one for one in _ids(record) if not ids or one in ids]
    proved = [one for one in spoken if _state(record, one) == "checked"]
    refused = unproved(record, ids)
    parts = [
        f"{len(proved)} of {max(len(spoken), len(ids))} theorems",
        f"{len(done)} of {len(rows)} statements checked",
        f"axioms: {_worst(rows)}",
        *_mutants(record),
        *_unmutated(rows),
        _coqchk(record),
    ]
    if refused:
        parts.append(f"{len(refused)} refused")
    return f"{'refused' if refused else 'checked'}: {', '.join(parts)}"


def _refusals(record: Mapping[str, Any], ids: Sequence[str]) -> list[dict[str, Any]]:
    """What is refused, if it concerns what was asked for."""
    refused = all_refusals(record)
    if not ids:
        return refused
    names = {
        name for name, row in record["statements"].items() if set(ids) & set(row["ids"])
    }
    against = {
        sentence for name in names for sentence in record["statements"][name]["refused"]
    }
    return [
        one
        for one in refused
        if one["sentence"] in against
        or one["about"] in ids
        or one["about"] in ("mutants.json", "coqchk")
    ]


def _show_table(record: Mapping[str, Any], console: "Console") -> None:
    from rich.table import Table

    table = Table()
    for column in ("id", "statements", "lines", "axioms", "premises", "seconds"):
        right = column in ("statements", "premises", "seconds")
        table.add_column(column, no_wrap=True, justify="right" if right else "left")
    table.add_column("", overflow="fold")
    for one in _ids(record):
        rows = _rows(record, one)
        if not rows:
            table.add_row(one, "0", *[""] * 4, "missing")
            continue
        table.add_row(
            one,
            str(len(rows)),
            _lines(rows.values()),
            _worst(rows),
            str(sum(len(row["premises"] or ()) for row in rows.values())),
            f"{_seconds(record, rows):.2f}",
            _state(record, one),
        )
    console.print(table)


def _show_theorem(record: Mapping[str, Any], one: str, console: "Console") -> None:
    for name, row in _rows(record, one).items():
        place = f"{row['file']}:{row['line']}-{row['end_line']}"
        console.print(f"{name}  {place}", style="bold", markup=False)
        for line in (*row["context"], *row["statement"].splitlines()):
            console.print(f"  {line}", markup=False, soft_wrap=True)
        for title, text in _details(row):
            console.print(f"  {title}: {text}", markup=False, soft_wrap=True)
        console.print()


def _details(row: Mapping[str, Any]) -> list[tuple[str, str]]:
    covers = [f"{one}({label})" for one, label in row["covers"]]
    covers += [f"part of {one}({label})" for one, label in row["covers_in_part"]]
    lemma = row["lemma_id"] or row["lemma"]
    details = [
        ("covers", ", ".join(covers) or f"{', '.join(row['ids'])}, no claim by itself"),
        ("means", row["meaning"]),
        ("lemma", lemma if row["lemma_file"] is None else _lemma(row)),
        ("axioms", ", ".join(row["axioms"] or ()) or "none"),
        ("premises", "; ".join(row["premises"] or ()) or "none"),
        ("mutants of its own", str(row["mutants"])),
    ]
    if row["example"] is not None:
        details.append(("premises hold in", row["example"]["name"]))
    state = "checked" if row["checked"] else "not checked"
    return [*details, ("state", f"{state}, {row['seconds'] or 0.0:.2f} s")]


def _lemma(row: Mapping[str, Any]) -> str:
    return f"{row['lemma']} in {row['lemma_file']}"


def _ids(record: Mapping[str, Any]) -> list[str]:
    """Every theorem that a statement speaks of, or that is missing."""
    spoken = {one for row in record["statements"].values() for one in row["ids"]}
    missing = [one["about"] for one in record["refusals"] if one["scope"] == "none"]
    spoken |= {one for one in missing if one != "mutants.json"}
    return sorted(spoken, key=lambda one: (one[0] != "T", one))


def _rows(record: Mapping[str, Any], one: str) -> Rows:
    return {
        name: row for name, row in record["statements"].items() if one in row["ids"]
    }


def _state(record: Mapping[str, Any], one: str) -> str:
    rows = _rows(record, one)
    if not rows:
        return "missing"
    bad = [name for name, row in rows.items() if not row["checked"]]
    if not bad:
        return "checked"
    more = f" and {len(bad) - 2} more" if len(bad) > 3 else ""
    return f"refused: {', '.join(bad[:2] if more else bad)}{more}"


def _worst(rows: Rows) -> str:
    kinds = [row["axiom_kind"] for row in rows.values() if row["axiom_kind"]]
    return max(kinds, key=AXIOMS.index, default="unknown")


def _lines(rows: Iterable[Mapping[str, Any]]) -> str:
    rows = list(rows)
    if not rows:
        return ""
    first, last = min(r["line"] for r in rows), max(r["end_line"] for r in rows)
    return f"{rows[0]['file']}:{first}-{last}"


def _seconds(record: Mapping[str, Any], rows: Rows) -> float:
    """What Coq takes for all that statements rest on, each lemma once."""
    lemmas = record["lemmas"]
    found: set[str] = set()
    waiting = [f"{row['file'].removesuffix('.v')}.{name}" for name, row in rows.items()]
    while waiting:
        one = waiting.pop()
        if one in lemmas and one not in found:
            found.add(one)
            waiting += lemmas[one]["uses"]
    return sum(lemmas[one]["seconds"] for one in found)


def _mutants(record: Mapping[str, Any]) -> list[str]:
    found = record["mutants"]
    if found is None:
        return ["mutants not tried (--check)"]
    killed = sum(found["killed"].values())
    kinds = ", ".join(f"{n} of a {kind}" for kind, n in sorted(found["killed"].items()))
    return [
        f"{killed} of {found['tried']} mutants refused"
        + (f" ({kinds})" if kinds else "")
    ]


def _unmutated(rows: Rows) -> list[str]:
    """Statements whose own text no mutant changes."""
    number = sum(
        row["kind"] == "theorem" and not row["mutants"] for row in rows.values()
    )
    return [f"{number} statements without a mutant of their own"] if number else []


def _coqchk(record: Mapping[str, Any]) -> str:
    if record["coqchk"] is None:
        return "coqchk not run (--check)"
    refused = record["coqchk"]["refusals"]
    return "coqchk refuses" if refused else "coqchk accepts"
