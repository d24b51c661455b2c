"""numerics/worlds/reading.py: each refusal is seen, with its whole sentence."""

import re

import pytest

from landtheory.errors import InputError
from landtheory.numerics.worlds import get_world
from landtheory.numerics.worlds.reading import refuse_other_names, refuse_unless


@pytest.mark.parametrize(
    ("values", "given"), [({}, "nothing"), ({"a": 1, "d": 2}, "a, d"), ({"b": 1}, "b")]
)
def test_names_that_mean_nothing_are_refused(
    values: dict[str, int], given: str
) -> None:
    refuse_other_names("thing", {"a": 1, "b": 1}, ("a",), ("b", "c"))
    sentence = f"thing is given by {given}; expected a, and any of b, c"
    with pytest.raises(InputError, match=re.escape(sentence) + "$"):
        refuse_other_names("thing", values, ("a",), ("b", "c"))


def test_what_does_not_fit_is_shown() -> None:
    refuse_unless(True, "thing", {"a": 1}, "a > 1")
    with pytest.raises(InputError, match=r"^thing has a 1, b \[2\]; expected a > 1$"):
        refuse_unless(False, "thing", {"a": 1, "b": [2]}, "a > 1")


@pytest.mark.parametrize(
    "name",
    ["linear-dynamics", "gaussian-networks", "path-norm-classes", "posteriors"],
)
def test_every_world_that_takes_names_refuses_a_typing_error(name: str) -> None:
    with pytest.raises(InputError, match=r" is given by misspelt; expected "):
        get_world(name).from_example({"misspelt": 1})
