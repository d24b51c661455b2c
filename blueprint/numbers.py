"""Numbers of records, short enough to read: fractions, decimals, balls, floats."""

import math
import re
from fractions import Fraction
from typing import Any

__all__ = ["as_float", "short"]

_BALL = re.compile(r"\[(?P<centre>[-+\d.e]*)\s*\+/- (?P<radius>[\d.e+-]+)\]")
LEGIBLE = 12
"""Letters up to which an exact fraction is shown as it is."""


def short(value: Any, *, mark: str = "≈ ") -> str:
    """A number as text: exact where that is short, else six digits with a mark."""
    text = str(value).strip().removesuffix(".0")
    if len(text) <= LEGIBLE and not _BALL.fullmatch(text):
        return text.replace("-", "−")
    number = as_float(text)
    if number is None:
        return text
    if not math.isfinite(number):
        return "beyond the floats"
    written = _scientific(f"{number:.6g}")
    exactly = "." not in text and "/" not in text and "+/-" not in text
    return written if exactly and f"{number:.6g}" == text else f"{mark}{written}"


def as_float(value: Any) -> float | None:
    """The nearest float; None where the text is no number."""
    text = str(value).strip()
    ball = _BALL.fullmatch(text)
    if ball:
        text = ball["centre"] or "0"
    try:
        return float(Fraction(text))
    except (ValueError, ZeroDivisionError):
        return None
    except OverflowError:
        return math.inf


def _scientific(text: str) -> str:
    """1.5e-07 as 1.5·10⁻⁷, with a true minus sign."""
    mantissa, mark, exponent = text.partition("e")
    if not mark:
        return text.replace("-", "−")
    power = str(int(exponent)).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
    return f"{mantissa.replace('-', '−')}·10{power}"
