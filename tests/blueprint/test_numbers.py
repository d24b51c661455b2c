"""blueprint/numbers.py: short, and never wrong."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landtheory.blueprint.numbers import as_float, short


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("1/2", "1/2"),
        ("-3", "−3"),
        (0, "0"),
        (0.0, "0"),
        (2500000.0, "2500000"),
        ("[4.291787218742848189999929 +/- 3.66e-25]", "≈ 4.29179"),
        ("[-0.3173425024201250706445896 +/- 1.93e-26]", "≈ −0.317343"),
        ("[+/- 1.09e-39]", "≈ 0"),
        ("5645248296494175/36028797018963968", "≈ 0.156687"),
        ("2.500000000000000000000000", "≈ 2.5"),
        (1.4485515949792563e-05, "≈ 1.44855·10⁻⁵"),
        ("1e-30", "1e−30"),
        ("lowest", "lowest"),
        ("a text that is no number at all", "a text that is no number at all"),
        (f"{10**400}/3", "beyond the floats"),
    ],
)
def test_numbers_are_short(given: object, shown: str) -> None:
    assert short(given) == shown


@given(st.fractions(), st.booleans())
def test_what_is_shown_is_near(value: Fraction, ball: bool) -> None:
    text = f"[{float(value)!r} +/- 1e-20]" if ball else str(value)
    shown = short(text, mark="").replace("−", "-")
    mantissa, _, power = shown.partition("·10")
    exponent = int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)
    back = float(Fraction(mantissa)) * 10.0**exponent
    assert back == pytest.approx(float(value), rel=1e-5, abs=1e-300)


def test_what_is_no_number_has_no_float() -> None:
    assert as_float("lowest") is None
    assert as_float("1/0") is None
    assert as_float("[1.5 +/- 0.1]") == 1.5
