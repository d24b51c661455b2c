"""landscape/asked.py, on requests that are accepted and refused."""

import re

import pytest

from landtheory.deep.landscape.asked import Asked
from landtheory.errors import InputError


def test_a_record_holds_every_number() -> None:
    asked = Asked(regulariser=0.1, k=7)
    assert Asked(**asked.record()) == asked


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (
            {"method": "guess"},
            "method is 'guess'; expected one of auto, gram, hessian, lanczos",
        ),
        ({"k": 0}, "k is 0; expected an integer >= 1"),
        ({"directions": 1}, "directions is 1; expected at least 2"),
        ({"beta": 0.0}, "beta is 0.0; expected a positive number"),
        ({"variance": -1.0}, "variance is -1.0; expected a positive number"),
        ({"height": float("nan")}, "height is nan; expected a positive number"),
        (
            {"regulariser": float("inf")},
            "regulariser is inf; expected a positive number",
        ),
    ],
)
def test_numbers_out_of_range_are_refused(
    change: dict[str, object], sentence: str
) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        Asked(**change)  # type: ignore[arg-type]
