"""The spectrum at a global minimum, as rows, as a record and on the terminal."""

import re
from typing import TYPE_CHECKING, Any

from .errors import CertificateError
from .theory.population.spectra import (
    D,
    Eigenvalue,
    K,
    extremes,
    global_spectrum,
    trace,
)

if TYPE_CHECKING:
    from rich.console import Console
    from sympy import Expr

__all__ = ["closed_form", "show_spectrum", "spectrum_record", "spectrum_summary"]

SIGNIFICANT = 15
"""Digits of every decimal."""

_SPELT = (
    (r"\*\*", "^"),
    (r"\bsqrt\(", "√("),
    (r"√\((\d+)\)", r"√\1"),
    (r"\bpi\b", "π"),
    (r"(?<=\d)\*(?=[a-zπ√(])", ""),
    (r"\*", " "),
)


def spectrum_record(activation: str, k: int | None, d: int | None) -> dict[str, Any]:
    """The spectrum, after a check that it has k d eigenvalues and the Hessian's trace.

    Parameters
    ----------
    activation, k, d : str, int or None, int or None
        As for `theory.population.spectra.global_spectrum`.

    Raises
    ------
    CertificateError
        If the totals do not fit, which is a defect.
    """
    from sympy import Integer, factor, simplify

    families = global_spectrum(activation, k, d)
    neurons = K if k is None else Integer(k)
    inputs = D if k is None else Integer(k if d is None else d)
    count = sum(family.multiplicity for family in families)
    total = sum(family.multiplicity * family.value for family in families)
    expected = trace(activation, neurons, inputs)
    if simplify(count - neurons * inputs) != 0 or simplify(total - expected) != 0:
        raise CertificateError(
            f"spectrum of {activation} adds up to {count} eigenvalues and {total}; "
            f"expected {neurons * inputs} and {expected}"
        )
    rows = [_row(family, symbolic=k is None) for family in families]
    return {
        "eigenvalues": rows,
        "count": closed_form(factor(neurons * inputs)),
        "trace": closed_form(factor(expected)),
        **_extremes(activation, rows, symbolic=k is None),
    }


def _extremes(
    activation: str, rows: list[dict[str, Any]], *, symbolic: bool
) -> dict[str, str]:
    """λ_min and λ_max: decimals, or closed forms with the sizes that they are for."""
    if symbolic:
        low, high = map(closed_form, extremes(activation))
        sizes = f"d = k >= {3 if activation == 'relu' else 2}"
        return {"lambda_min": low, "lambda_max": high, "for": sizes}
    decimals = sorted((row["decimal"] for row in rows), key=float)
    return {"lambda_min": decimals[0], "lambda_max": decimals[-1]}


def show_spectrum(record: dict[str, Any], console: "Console") -> None:
    """Show the eigenvalues in a table, then the summary."""
    from rich.table import Table
    from rich.text import Text

    symbolic = "for" in record
    columns = ("eigenvalue", "decimal", "multiplicity", "matrices T")
    table = Table(expand=False)
    for name in columns:
        if not (symbolic and name == "decimal"):
            table.add_column(name, overflow="fold")
    for row in record["eigenvalues"]:
        cells = [row["closed_form"], row["decimal"], row["multiplicity"], row["family"]]
        table.add_row(*(Text(cell) for cell in cells if cell is not None))
    console.print(table)
    console.print(spectrum_summary(record), markup=False, soft_wrap=True)


def spectrum_summary(record: dict[str, Any]) -> str:
    """How many eigenvalues, their sum, and the extreme ones."""
    sizes = f" for {record['for']}" if "for" in record else ""
    return (
        f"{record['count']} eigenvalues with sum {record['trace']}, the trace; "
        f"λ_min = {record['lambda_min']}, λ_max = {record['lambda_max']}{sizes}"
    )


def closed_form(expression: "Expr") -> str:
    """A formula in one line: powers by ^, products by a space."""
    text = str(expression)
    for pattern, spelt in _SPELT:
        text = re.sub(pattern, spelt, text)
    return text


def _row(family: Eigenvalue, *, symbolic: bool) -> dict[str, Any]:
    decimal = None if symbolic else str(family.value.evalf(SIGNIFICANT))
    return {
        "closed_form": closed_form(family.value),
        "decimal": decimal,
        "multiplicity": closed_form(family.multiplicity),
        "family": family.family,
    }
