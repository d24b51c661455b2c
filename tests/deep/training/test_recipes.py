"""training/recipes.py: ranges of the settings, and the schedule's end points and mean."""

import re
from typing import Any

import pytest

from landtheory.deep.models import MODELS
from landtheory.deep.training.recipes import Recipe, recipe_for
from landtheory.errors import InputError

GOOD = {"epochs": 2, "learning_rate": 0.5, "batch_size": 8}


def test_the_cosine_falls_from_the_rate_to_zero_and_is_half_of_it_on_average() -> None:
    recipe = Recipe(**GOOD)
    rates = [recipe.rate(step, of=100) for step in range(101)]
    assert rates[0] == 0.5
    assert rates[50] == pytest.approx(0.25, rel=1e-15)
    assert abs(rates[100]) <= 1e-16
    assert rates == sorted(rates, reverse=True)
    assert sum(rates[:100]) / 100 == pytest.approx(0.25 + 0.25 / 100, rel=1e-14)


def test_a_constant_rate() -> None:
    recipe = Recipe(**GOOD, schedule="constant")
    assert {recipe.rate(step, of=9) for step in range(9)} == {0.5}


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("epochs", 0, "an integer >= 1"),
        ("epochs", True, "an integer >= 1"),
        ("batch_size", 1.5, "an integer >= 1"),
        ("optimiser", "lbfgs", "one of sgd, adam"),
        ("schedule", "step", "one of cosine, constant"),
        ("learning_rate", 0.0, "a finite number > 0"),
        ("learning_rate", float("nan"), "a finite number > 0"),
        ("learning_rate", float("inf"), "a finite number > 0"),
        ("momentum", 1.0, "a number from 0 to below 1"),
        ("momentum", -0.1, "a number from 0 to below 1"),
        ("weight_decay", -1e-9, "a finite number >= 0"),
        ("weight_decay", float("inf"), "a finite number >= 0"),
    ],
)
def test_a_setting_out_of_range_is_refused(
    name: str, value: Any, expected: str
) -> None:
    sentence = f"{name} is {value!r}; expected {expected}"
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        Recipe(**(GOOD | {name: value}))


def test_every_model_has_a_recipe_and_so_have_others() -> None:
    for name in (*MODELS, "net.py:make", "tv:resnet18"):
        assert isinstance(recipe_for(name), Recipe)
    assert recipe_for("resnet") == recipe_for("resnet8") != recipe_for("resnet18")
