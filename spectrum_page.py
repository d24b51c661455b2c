"""A deep-spectrum run as one HTML file that loads nothing and runs nothing."""

import base64
import html
from collections.abc import Iterable, Mapping
from typing import Any

from .spectrum_report import (
    eigenvalue_rows,
    facts,
    head,
    layer_rows,
    stationarity,
    summary,
    title,
)

__all__ = ["spectrum_page"]

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""No script, no request: what a name or a file holds can do nothing here."""

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto;
  padding: 0 1rem; color: #1c2330; }
table { border-collapse: collapse; margin: 1rem 0; }
th, td { padding: .2rem .8rem; border-bottom: 1px solid #d5dbe5; text-align: right; }
td:first-child { text-align: left; }
img { max-width: 100%; }
footer { color: #5b6576; font-size: .85rem; margin-top: 2rem; }
@media (prefers-color-scheme: dark) {
  body { background: #14181f; color: #dde3ec; }
  img { background: #fff; }
}
"""


def spectrum_page(record: Mapping[str, Any], pictures: Mapping[str, bytes]) -> str:
    """The page; every text in it is escaped.

    Parameters
    ----------
    record : mapping
        As result.json holds it.
    pictures : mapping of str to bytes
        The density and the layers as SVG, where there are any, put into the page as
        data.

    Returns
    -------
    str
        HTML.
    """
    net = record["network"]
    name = f"{title(record)}, {net['model']} on {net['data']}"
    parts = [
        f"<h1>{html.escape(name)}</h1>",
        *(f"<p>{html.escape(line)}</p>" for line in head(record)),
        _image(pictures, "density", "spectral density"),
        _table(("", "λ", "±", ""), eigenvalue_rows(record)),
        _table(("estimate", ""), facts(record)),
    ]
    if "layers" in record:
        columns = ("layer", "p", "λ", "±", "", "trace")
        parts.append(_image(pictures, "layers", "trace and eigenvalue of each layer"))
        parts.append(_table(columns, layer_rows(record)))
    notes = [stationarity(record), *record["notices"], summary(record)]
    parts += [f"<p>{html.escape(line)}</p>" for line in notes]
    settings = ", ".join(f"{k} = {v!r}" for k, v in record["settings"].items())
    made = f"landtheory {record['version']}: {settings}"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(name)}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(part for part in parts if part)
        + f"\n<footer>{html.escape(made)}</footer>\n</body>\n</html>\n"
    )


def _image(pictures: Mapping[str, bytes], key: str, words: str) -> str:
    if key not in pictures:
        return ""
    data = base64.b64encode(pictures[key]).decode("ascii")
    return f'<img alt="{words}" src="data:image/svg+xml;base64,{data}">'


def _table(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = "".join(f"<th>{html.escape(column)}</th>" for column in columns)
    lines = [
        "<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>"
        for row in rows
    ]
    return f"<table>\n<tr>{heads}</tr>\n" + "\n".join(lines) + "\n</table>"
