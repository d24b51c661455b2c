"""The proofs and the counterexamples of a theorem, as HTML."""

from collections.abc import Mapping
from html import escape
from typing import Any

from ..evidence.formal import FormalLibrary, FormalStatement
from ..evidence.status import Finding, NodeState
from ..theory.theorems import Example, Theorem
from ..theory.worlds import WorldExample
from .claims import where
from .instances import instance_html, instance_text
from .markup import element, folded, items, plural
from .numbers import short
from .prose import Prose

__all__ = [
    "counterexamples_html",
    "derivation_html",
    "example_html",
    "formal_html",
    "mutants_html",
    "witnesses_html",
]


def counterexamples_html(theorem: Theorem, node: NodeState, prose: Prose) -> str:
    """What breaks without each hypothesis: in words, the claim, and the two sides.

    Parameters
    ----------
    theorem : Theorem
        Whose.
    node : NodeState
        What is said of it.
    prose : Prose
        Makes HTML of the catalogue's texts.
    """
    found = node.verify.content.get("counterexamples", [])
    rows = []
    for place, counter in enumerate(theorem.counterexamples):
        claim = counter.claim
        words = element(
            "p", f"Without {prose.words(counter.dropped, here=theorem.id)}."
        )
        lost = prose.html(claim.statement, here=theorem.id)
        limits = where(claim)
        said = element("p", f"What fails then: {lost}", class_="fails")
        said += element("p", escape(limits), class_="where") if limits else ""
        numbers = _failure(found[place]) if place < len(found) else ""
        rows.append(words + said + numbers + example_html(counter.example))
    return items(rows, "dropped")


def example_html(example: Example | WorldExample) -> str:
    """An instance that the catalogue types out, opened on demand.

    Parameters
    ----------
    example : Example or WorldExample
        Where a claim fails.
    """
    if isinstance(example, WorldExample):
        return folded("The instance", instance_html(_listed(example.values)))
    given = {
        "activation": example.activation,
        "loss": example.loss,
        "X": example.x,
        **{name: getattr(example, name) for name in ("W", "b", "A", "c")},
        "r": example.residual,
        "labels": example.labels,
        "S": example.output_hessian,
        **example.drawn,
    }
    told = {name: value for name, value in given.items() if value is not None}
    return folded("The instance", instance_html(_listed(told)))


def _listed(value: Any) -> Any:
    """The same with lists for tuples, as records have them."""
    if isinstance(value, Mapping):
        return {str(name): _listed(entry) for name, entry in value.items()}
    return [_listed(one) for one in value] if isinstance(value, tuple) else value


def _failure(row: Mapping[str, Any]) -> str:
    if not row["fails"]:
        return element("p", "Not confirmed in the recorded run.", class_="where")
    left, right = escape(short(row["left"])), escape(short(row["right"]))
    return element("p", f"There the left side is {left}, the right side {right}.")


def witnesses_html(theorem: Theorem, node: NodeState, prose: Prose) -> str:
    """Where inequalities are attained, with the ratio that was found."""
    found = node.verify.content.get("witnesses", [])
    rows = []
    for place, witness in enumerate(theorem.witnesses):
        labels = ", ".join(
            f'<a href="#{theorem.id}-{label}">({label})</a>' for label in witness.labels
        )
        note = prose.words(witness.note, here=theorem.id)
        ratio = found[place]["ratio"] if place < len(found) else None
        said = "" if ratio is None else f" Ratio {escape(short(round(ratio, 9)))}."
        rows.append(f"{labels} {note}.{said}")
    return items(rows)


def derivation_html(theorem_id: str, found: Finding, lemmas: Mapping[str, str]) -> str:
    """The steps of a derivation that was replayed, or why none counts.

    Parameters
    ----------
    theorem_id : str
        Whose.
    found : Finding
        The record of the replay.
    lemmas : mapping of str to str
        The anchor of each classical lemma, by its name.
    """
    anchor = f"{theorem_id}-derivation"
    if found.record is None:
        said = f"no record counts: {found.trouble}" if found.trouble else "not replayed"
        return element("p", f"Symbolic derivation: {escape(said)}.", id=anchor)
    content = found.content
    proved = content["proved"]
    head = (
        f"Symbolic derivation: {content['checked']} of "
        f"{plural(content['of'], 'step')} checked; proves "
        f"{plural(len(proved), 'claim')}"
    )
    steps = [_step(step, lemmas) for step in content["steps"]]
    labels = ", ".join(
        f'<a href="#{theorem_id}-{label}">({label})</a>' for label in proved
    )
    body = element(
        "p",
        "For symbolic sizes; each step is checked by exact algebra on index "
        f"expressions. Claims that follow: {labels}.",
    )
    steps_list = "\n".join(f"<li>{step}</li>" for step in steps)
    body += element("ol", steps_list, class_="steps")
    return folded(escape(head), body, id=anchor, class_="derivation")


def _step(step: Mapping[str, Any], lemmas: Mapping[str, str]) -> str:
    mark = "" if step["checked"] else element("strong", "not checked: ")
    text = f"{mark}({escape(step['claim'])}) {escape(step['statement'])}"
    rule = step["lemma"]
    if rule is None:
        by = escape(step["rule"])
    elif rule in lemmas:
        by = f'<a href="#{lemmas[rule]}">{escape(rule)}</a>'
    else:
        by = escape(rule)
    premises = items(map(escape, step["premises"]), "premises")
    return f'{text} <span class="where">{by}</span>{premises}'


def formal_html(one: str, node: NodeState, formal: FormalLibrary) -> str:
    """The formal statements about a theorem, each with its text and what it rests on.

    Parameters
    ----------
    one : str
        The theorem or refutation.
    node : NodeState
        What is said of it.
    formal : FormalLibrary
        The statements.
    """
    parts = [
        _formal(formal.statements[name], one, found, formal.reason)
        for name, found in node.formal.items()
    ]
    if not parts:
        return ""
    checked = sum(found.record is not None for found in node.formal.values())
    said = f"{checked} of {plural(len(parts), 'statement')} checked by the kernel"
    if formal.reason:
        said = "not checked on this machine"
    head = f"Formal proof: {said}"
    return folded(escape(head), "\n".join(parts), id=f"{one}-formal", class_="formal")


def _formal(statement: FormalStatement, one: str, found: Finding, reason: str) -> str:
    name, row = statement.name, statement.record()
    if statement.ids[0] != one:
        # one that speaks of several theorems is shown with the first of them
        link = f'<a href="#F-{escape(name)}">{escape(name)}</a>'
        return element("p", f"{link}, shown with {statement.ids[0]}")
    if found.record is not None:
        state = "checked"
    elif reason:
        state = reason
    else:
        state = found.trouble or "not checked yet"
    kind = " (a false variant, proved false)" if row["kind"] == "mutant" else ""
    head = element("h5", f"{escape(name)}{kind}: {escape(state)}", id=f"F-{name}")
    place = f"{row['file']}, lines {row['line']} to {row['end_line']}"
    facts = [("covers", _covers(row)), ("where", place), ("lemma", _pinned(row))]
    facts += [("premises", _joined(row["premises"]))]
    facts += [("axioms", _joined(row["axioms"]) if found.record else "")]
    facts += [("example of its premises", (row["example"] or {}).get("name", ""))]
    seconds = row["seconds"]
    facts += [("seconds", "" if seconds is None else f"{seconds:g}")]
    facts += [("rests on", _joined(row["uses"]))]
    facts += [("refused", _joined(row["refused"]))]
    listed = "".join(
        f"<dt>{escape(word)}</dt><dd>{escape(text)}</dd>"
        for word, text in facts
        if text
    )
    context = "\n".join(row["context"])
    text = f"{context}\n{row['text']}" if context else row["text"]
    meaning = element("p", escape(row["meaning"])) if row["meaning"] else ""
    code = element("pre", element("code", escape(text)), tabindex="0")
    return head + meaning + code + element("dl", listed, class_="facts")


def _pinned(row: Mapping[str, Any]) -> str:
    file = row["lemma_file"]
    return f"{row['lemma']}, in {file}" if file else str(row["lemma"])


def _covers(row: Mapping[str, Any]) -> str:
    full = [f"{one}({label})" if label else one for one, label in row["covers"]]
    part = [f"part of {one}({label})" for one, label in row["parts"]]
    return ", ".join((*full, *part))


def _joined(names: Any) -> str:
    if names is None:
        return ""
    return ", ".join(str(name) for name in names)


def mutants_html(theorem: Theorem, node: NodeState, prose: Prose) -> str:
    """The false variants of the claims, each with the numbers that refute it."""
    found = {one["name"]: one for one in node.verify.content.get("mutants", ())}
    rows = []
    for mutant in theorem.mutants:
        label = mutant.claim.label
        link = f'<a href="#{theorem.id}-{label}">({label})</a> ' if label else ""
        words = prose.words(mutant.name, here=theorem.id)
        rows.append(f"{link}{words}{_fallen(found.get(mutant.name))}")
    refuted = sum(one["refuted"] for one in found.values())
    balls = sum(one["certified"] for one in found.values())
    head = f"{plural(len(rows), 'false variant')} (mutants)"
    if found:
        head = f"{refuted} of {plural(len(rows), 'false variant')} refuted, "
        head += f"{balls} of them certified in balls"
    return folded(
        escape(head),
        items(rows, "mutants"),
        id=f"{theorem.id}-mutants",
        class_="mutants",
    )


def _fallen(row: Mapping[str, Any] | None) -> str:
    """Both sides where the variant fails, and the instance there."""
    if row is None:
        return ""
    if not row["refuted"]:
        return element("p", "Survives.", class_="fails")
    source = row["referee"] or row["counterexample"]
    sides = f"{short(source['left'])} against {short(source['right'])}"
    how = "certified" if row["certified"] else "in floats"
    instance = source.get("instance")
    at = f", at {instance_text(instance)}" if instance else ""
    return element("p", escape(f"fails, {how}: {sides}{at}"), class_="where")
