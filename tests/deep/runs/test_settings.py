"""runs/settings.py: every setting in its range, in one sentence if not."""

import re
from typing import Any

import pytest
from support.spectrum import settings

from landtheory.errors import InputError


def test_a_record_is_plain() -> None:
    record = settings(k=4).record()
    assert record["k"] == 4
    assert record["weights"] is None
    assert len(record) == 24


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (
            {"operator": "kfac"},
            "operator is 'kfac'; expected one of hessian, ggn, fish",
        ),
        ({"dtype": "int8"}, "dtype is 'int8'; expected one of float32, float64, bfloa"),
        ({"initialisation": "odd"}, "initialisation is 'odd'; expected one of default"),
        ({"which": "XX"}, "which is 'XX'; expected one of LA, SA, LM, BE"),
        ({"k": 0}, "k is 0; expected an integer >= 1"),
        ({"probes": 0}, "probes is 0; expected an integer >= 1"),
        ({"steps": -1}, "steps is -1; expected an integer >= 1"),
        ({"batch_size": 0}, "batch_size is 0; expected an integer >= 1"),
        ({"samples": 0}, "samples is 0; expected an integer >= 1"),
        ({"epochs": 0}, "epochs is 0; expected an integer >= 1"),
        ({"tol": 0.0}, "tol is 0.0; expected a number between 0 and 1"),
        ({"tol": float("nan")}, "tol is nan; expected a number between 0 and 1"),
        ({"damping": 0.0}, "damping is 0.0; expected a positive number"),
        ({"height": float("inf")}, "height is inf; expected a positive number"),
        ({"train": False}, "epochs is 2 without training; expected --train with it"),
    ],
)
def test_out_of_range(changed: dict[str, Any], sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        settings(**changed)
