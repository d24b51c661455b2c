"""population_report.py: closed forms as text, and spectra that do not add up."""

import io
import re

import pytest
from rich.console import Console
from sympy import Integer, Symbol, pi, sqrt

from landtheory import population_report
from landtheory.errors import CertificateError
from landtheory.population_report import closed_form, show_spectrum, spectrum_record
from landtheory.theory.population.spectra import Eigenvalue

k = Symbol("k", integer=True, positive=True)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (Integer(8), "8"),
        (4 * k + 8, "4k + 8"),
        (k * (k - 1) / 2, "k (k - 1)/2"),
        (k**2 - 16 / pi, "k^2 - 16/π"),
        (2 * sqrt(3) / 3, "2√3/3"),
        (sqrt(k + 1), "√(k + 1)"),
        (2 * pi * k, "2π k"),
    ],
)
def test_closed_forms_are_one_line(expression: object, text: str) -> None:
    assert closed_form(expression) == text


def test_a_symbolic_spectrum_has_no_decimals() -> None:
    stream = io.StringIO()
    show_spectrum(
        spectrum_record("quadratic", None, None), Console(file=stream, width=100)
    )
    text = stream.getvalue()
    assert "decimal" not in text
    assert text.splitlines()[-1] == (
        "d k eigenvalues with sum 4k (d + 2), the trace; λ_min = 0, λ_max = 4k + 8 for "
        "d = k >= 2"
    )


@pytest.mark.parametrize("factor", [(2, 1), (1, 2)])
def test_a_spectrum_that_does_not_add_up_is_a_defect(
    factor: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    value, count = factor[0] * 12, factor[1]
    wrong = (
        Eigenvalue(value=Integer(value), multiplicity=Integer(count), family="A = I"),
    )
    monkeypatch.setattr(population_report, "global_spectrum", lambda *_: wrong)
    sentence = (
        f"spectrum of quadratic adds up to {count} eigenvalues and {value * count}; "
        "expected 1 and 12"
    )
    with pytest.raises(CertificateError, match=f"^{re.escape(sentence)}$"):
        spectrum_record("quadratic", 1, None)
