"""commands/options.py: what the values of options mean."""

import pytest

from landtheory.commands.options import parse_budget, values
from landtheory.errors import InputError


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30.0), ("2m", 120.0), ("1.5h", 5400.0), ("7", 7.0)]
)
def test_budgets(text: str, seconds: float) -> None:
    assert parse_budget(text) == seconds


def test_values_may_be_repeated_and_listed() -> None:
    assert values(["a,b", "c", "a"]) == ("a", "b", "c")
    assert values(None) == ()
    with pytest.raises(InputError, match="option value is 'a,'; expected names"):
        values(["a,"])
