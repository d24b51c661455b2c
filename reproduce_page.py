"""A reproduction as one HTML file that loads nothing and runs nothing."""

import base64
import html
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .reproduce_figures import Picture
from .reproduce_report import (
    MEASURE_COLUMNS,
    TEST_COLUMNS,
    claim_rows,
    conditions,
    head,
    measure_rows,
    statistic_rows,
)

__all__ = ["reproduce_page"]

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""No script, no request: what a name or a file holds can do nothing here."""

PAPER = "https://arxiv.org/abs/1706.10239"

STYLE = """
:root { --ink: #1c2330; --soft: #5b6576; --line: #d5dbe5; --paper: #fff; }
* { box-sizing: border-box; }
body { font: 16px/1.55 system-ui, sans-serif; max-width: 50rem; margin: 2rem auto;
  padding: 0 1rem; color: var(--ink); background: var(--paper); }
h1 { line-height: 1.2; font-size: 1.7rem; }
h2 { margin: 2.5rem 0 .3rem; font-size: 1.25rem; line-height: 1.3; }
.claim { border-top: 2px solid var(--line); }
.statement { color: var(--soft); margin-top: 0; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: .8rem 0; font-size: .9rem; width: 100%; }
th { text-align: left; font-weight: 600; }
th, td { padding: .25rem .6rem .25rem 0; border-bottom: 1px solid var(--line);
  vertical-align: top; }
td:not(:first-child) { white-space: nowrap; }
.scroll td:first-child { min-width: 9rem; }
.overview td, .overview .word { white-space: normal; }
figure { margin: 1.2rem 0; }
img { max-width: 100%; height: auto; background: #fff; }
figcaption { color: var(--soft); font-size: .9rem; }
.word { display: inline-block; padding: .1rem .6rem; border-radius: 1rem;
  font-size: .9rem; font-weight: 600; border: 1.5px solid; white-space: nowrap; }
.w0 { color: #14602f; } .w1 { color: #4a6a12; } .w2 { color: #a3201b; }
.w3 { color: #83590b; } .w4 { color: #5b6576; }
.breaks li::marker { color: #a3201b; }
footer { color: var(--soft); font-size: .85rem; margin-top: 3rem;
  border-top: 1px solid var(--line); }
@media screen and (prefers-color-scheme: dark) {
  :root { --ink: #dde3ec; --soft: #9aa6b8; --line: #333c4a; --paper: #14181f; }
  .w0 { color: #6fd08f; } .w1 { color: #b5d36c; } .w2 { color: #ff8d86; }
  .w3 { color: #e8bd62; } .w4 { color: #9aa6b8; }
}
@media print {
  body { font-size: 10.5pt; max-width: none; margin: 0; }
  figure, table, li { break-inside: avoid; }
  h2 { break-after: avoid; }
}
"""

WORDS = (
    "held",
    "held with conditions",
    "not found",
    "not measurable here",
    "not run in this preset",
)

MEANINGS = (
    "every test of the claim and every condition is met",
    "every core test is met; a condition, named below the claim, is not",
    "a core test is not met",
    "a core test has no number that may be relied on",
    "nothing was run for it",
)


def reproduce_page(record: Mapping[str, Any], pictures: Sequence[Picture]) -> str:
    """The page; every text in it is escaped.

    Parameters
    ----------
    record : mapping
        As result.json holds it.
    pictures : sequence of Picture
        Put into the page as data, each beside its claim.

    Returns
    -------
    str
        HTML.
    """
    title = "Good and bad minima, and the volumes of their basins: a reproduction"
    parts = [
        f"<h1>{html.escape(title)}</h1>",
        _introduction(record),
        _overview(record),
        *(_claim(one, pictures) for one in record["findings"]),
        _study(record),
        _methods(record),
        _thresholds(record),
    ]
    made = f"landtheory {record['version']}, seed {record['seed']}"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(part for part in parts if part)
        + f"\n<footer><p>{html.escape(made)}. Every network and every measurement is in "
        "the folder of this page, under <code>results</code> and <code>data</code>; "
        "every figure with its data under <code>figures</code>.</p></footer>\n"
        "</body>\n</html>\n"
    )


def _introduction(record: Mapping[str, Any]) -> str:
    return (
        f'<p>The claims of <a href="{PAPER}">Wu, Zhu and E (2017)</a>, each tested by '
        "statistics and thresholds that were fixed before the run. Intervals are shown "
        "and decide nothing: with a handful of data seeds they are too narrow.</p>\n"
        f"<p>{html.escape(head(record))}.</p>"
    )


def _overview(record: Mapping[str, Any]) -> str:
    rows = "".join(
        f'<tr><td><a href="#{html.escape(claim)}">{html.escape(claim)}</a></td>'
        f"<td>{html.escape(title)}</td><td>{_word(word)}</td></tr>\n"
        for claim, title, word in claim_rows(record)
    )
    return (
        '<div class="overview"><table>\n<tr><th>claim</th><th></th><th>finding</th></tr>\n'
        f"{rows}</table></div>"
    )


def _claim(finding: Mapping[str, Any], pictures: Sequence[Picture]) -> str:
    name = html.escape(finding["claim"])
    lines = [
        f'<section class="claim" id="{name}">',
        f"<h2>{name}. {html.escape(finding['title'])}</h2>",
        f"<p>{_word(finding['finding'])}</p>",
        f'<p class="statement">{html.escape(finding["statement"])}</p>',
        *(f"<p>{html.escape(text)}</p>" for text in conditions(finding)),
        f"<p>{html.escape(finding['sentence'])}</p>",
        *(_figure(one) for one in pictures if one.claim == finding["claim"]),
    ]
    if finding["tests"]:
        lines.append(_table(TEST_COLUMNS, statistic_rows(finding)))
    if finding["measures"]:
        lines.append(
            "<p>Every measure and test accuracy, Spearman's ρ. None of these decides: "
            "the attack fraction, last, shows how good anything looks that rises or "
            "falls with it.</p>"
        )
        lines.append(_table(MEASURE_COLUMNS, measure_rows(finding)))
    if finding["breaks"]:
        lines.append("<p>Where it breaks, and what else was found:</p>")
        lines.append(_list(finding["breaks"], "breaks"))
    if finding["notes"]:
        lines.append(_list(finding["notes"], "notes"))
    return "\n".join([*lines, "</section>"])


def _study(record: Mapping[str, Any]) -> str:
    """An earlier study beside this run; nothing where they share no number."""
    if not record["study"]:
        return ""
    rows = [
        (one["words"], one["study"], one["here"], "yes" if one["agrees"] else "no")
        for one in record["study"]
    ]
    whys: dict[str, list[str]] = {}
    for one in record["study"]:
        if one["why"]:
            whys.setdefault(one["why"], []).append(one["words"])
    texts = [f"{'; '.join(words)}: {why}." for why, words in whys.items()]
    return (
        '<section class="claim"><h2>Beside an earlier study</h2>'
        "<p>The same set-ups, studied before by other code with other splits and starts. "
        "To agree is to lie in its interval; where it gives none, within twice the error "
        "of a mean of five seeds around its value. The intervals here are over data "
        "seeds.</p>"
        + _table(("", "there", "here", "agrees"), rows, wrapped=True)
        + (_list(texts, "breaks") if texts else "")
        + "</section>"
    )


def _methods(record: Mapping[str, Any]) -> str:
    methods = record["methods"]
    rows = [
        ("data", methods["data"]),
        ("clean, attack pool, test", (f"{methods['clean_samples']}, "
         f"{methods['attack_pool']}, {methods['test_samples']} samples")),
        ("data seeds", ", ".join(map(str, methods["data_seeds"]))),
        ("attack fractions", ", ".join(f"{f:g}" for f in methods["fractions"])),
        ("network", ("64-32-1, ReLU, p = 2113, He's initialisation, unless another is "
         "named; squared loss ½(f - y)²")),
        ("first phase", ("Adam, 0.01 with a cosine, all samples at once, until the loss "
         "of clean and attack samples is at most 0.01")),
        ("second phase", ("Adam, 0.001, clean samples alone, until their loss is at most "
         "0.001: the same for every network, compared before each step")),
        ("curvature", ("every eigenvalue of the Gauss-Newton matrix from its n × n Gram "
         "matrix, in float64; its distance to the Hessian is measured at every main "
         "minimum")),
        ("log-volume", "-½ Σ log λ over the k largest eigenvalues, none below 1e-12"),
        ("intervals", "percentiles of 1000 resamples of whole data seeds"),
        ("software", (f"landtheory {record['version']}, torch {methods['torch']}, Python "
         f"{methods['python']}, {methods['threads']} thread(s), {methods['device']}")),
        ("command", record["invocation"]),
    ]  # fmt: skip
    check = record.get("check")
    if check:
        rows.insert(
            8,
            ("Hessian, entry by entry", (f"at one minimum its trace differs from that of "
             f"the Gauss-Newton matrix by {check['trace_error']:.0e} of it, and the 100 "
             f"largest eigenvalues by at most {100 * check['largest_error']:.1g} %")),
        )  # fmt: skip
    return (
        '<section class="claim"><h2>Methods</h2>'
        + _table(("", ""), rows)
        + "</section>"
    )


def _thresholds(record: Mapping[str, Any]) -> str:
    rows = [
        (one["name"], one["demanded"], one["reason"]) for one in record["thresholds"]
    ]
    meanings = [
        f"{word}: {meaning}." for word, meaning in zip(WORDS, MEANINGS, strict=True)
    ]
    return (
        '<section class="claim"><h2>Thresholds, and what the words mean</h2>'
        "<p>Written down before the run; nothing in a run changes them.</p>"
        + _list(record["threshold_history"], "notes")
        + _list(meanings, "notes")
        + _table(("statistic", "demanded", "why"), rows, wrapped=True)
        + "</section>"
    )


def _figure(picture: Picture) -> str:
    data = base64.b64encode(picture.files["svg"]).decode("ascii")
    words = html.escape(picture.caption)
    return (
        f'<figure><img alt="{words}" src="data:image/svg+xml;base64,{data}">'
        f"<figcaption>{words} Data: <code>figures/{html.escape(picture.name)}.csv</code>."
        "</figcaption></figure>"
    )


def _word(word: str) -> str:
    return f'<span class="word w{WORDS.index(word)}">{html.escape(word)}</span>'


def _table(
    columns: Iterable[str], rows: Iterable[Iterable[str]], *, wrapped: bool = False
) -> str:
    heads = "".join(f"<th>{html.escape(column)}</th>" for column in columns)
    style = ' style="white-space: normal"'
    lines = []
    for row in rows:
        cells = list(row)
        free = wrapped or len(cells) == 2
        lines.append(
            "<tr>"
            + "".join(
                f"<td{style if free else ''}>{html.escape(cell)}</td>" for cell in cells
            )
            + "</tr>"
        )
    body = "\n".join(lines)
    return f'<div class="scroll"><table>\n<tr>{heads}</tr>\n{body}\n</table></div>'


def _list(texts: Iterable[str], kind: str) -> str:
    items = "\n".join(f"<li>{html.escape(text)}</li>" for text in texts)
    return f'<ul class="{kind}">\n{items}\n</ul>'
