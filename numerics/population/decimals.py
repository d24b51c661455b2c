"""Balls as decimals, rounded outwards."""

from flint import arb

__all__ = ["bounds_of", "decimal_down"]


def decimal_down(x: arb, digits: int) -> str:
    """The greatest decimal with some digits that is certainly no greater than x.

    Parameters
    ----------
    x : arb
        A finite ball.
    digits : int
        After the point.
    """
    scaled = (x * 10**digits).lower().floor().unique_fmpz()
    number = int(scaled)
    text = str(abs(number)).zfill(digits + 1)
    return f"{'-' if number < 0 else ''}{text[:-digits]}.{text[-digits:]}"


def bounds_of(x: arb, margin: arb, digits: int) -> tuple[str, str]:
    """Decimals below and above every number within a margin of a ball.

    Parameters
    ----------
    x, margin : arb
        A finite ball, and at least 0.
    digits : int
        After the point.
    """
    upper = decimal_down(-x - margin, digits)
    turned = upper[1:] if upper.startswith("-") else f"-{upper}"
    return decimal_down(x - margin, digits), turned
