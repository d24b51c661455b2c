"""minima/settings.py: what is refused, and what comes back."""

import json
import re
from typing import Any

import pytest

from landtheory.deep.minima.settings import MinimaSettings
from landtheory.errors import InputError

GOOD: dict[str, Any] = {
    "model": "relu:32", "data": "digits", "attack": (0.0, 0.5), "seeds": 2, "seed": 3,
    "samples": 41, "labels": "parity", "loss": "squared", "initialisation": "small",
    "device": "cpu", "dtype": "float64",
}  # fmt: skip


def test_settings_come_back_from_their_record() -> None:
    settings = MinimaSettings(**GOOD)
    told = json.loads(json.dumps(settings.record()))
    assert MinimaSettings.of(told) == settings


def test_what_follows_from_them() -> None:
    settings = MinimaSettings(**GOOD)
    # 20.5 attack samples, to the nearest
    assert settings.pool == 21
    assert list(settings.all_seeds) == [3, 4]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"loss": "hinge"}, "loss is 'hinge'; expected one of squared, cross-entropy"),
        ({"labels": "odd"}, "labels is 'odd'; expected one of parity, classes"),
        ({"initialisation": "odd"}, "initialisation is 'odd'; expected one of default"),
        ({"dtype": "bfloat16"},
         "dtype is 'bfloat16'; expected one of float32, float64"),
        ({"seeds": 0}, "seeds is 0; expected an integer >= 1"),
        ({"samples": -2}, "samples is -2; expected an integer >= 1"),
        ({"attack": ()},
         "attack is ''; expected different fractions >= 0 between commas"),
        ({"attack": (0.5, 0.5)},
         "attack is '0.5,0.5'; expected different fractions >= 0 between commas"),
        ({"attack": (-1.0,)},
         "attack is '-1'; expected different fractions >= 0 between commas"),
        ({"attack": (float("nan"),)},
         "attack is 'nan'; expected different fractions >= 0 between commas"),
        ({"attack": (float("inf"),)},
         "attack is 'inf'; expected different fractions >= 0 between commas"),
    ],
)  # fmt: skip
def test_bad_settings_are_refused(change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        MinimaSettings(**GOOD | change)
