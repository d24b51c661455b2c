"""numerics/targets.py: what Y may be, and labels that would not fit in memory."""

import re

import numpy as np
import pytest

from landtheory.errors import InputError
from landtheory.numerics.targets import targets
from landtheory.theory import get_loss

SOFTMAX, LOGISTIC, SQUARED = map(get_loss, ("softmax", "logistic", "squared"))


def test_labels_become_indicators() -> None:
    found = targets([2, 0, 1, 2], loss=SOFTMAX, n=4, outputs=None)
    assert found.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    assert targets([1], loss=SOFTMAX, n=1, outputs=3).tolist() == [[0, 1, 0]]


@pytest.mark.parametrize(
    "labels",
    [
        np.array([0, 10**9]),
        np.array([0, 1_000_000], dtype=np.float32),
        np.arange(110_001),
    ],
)
def test_too_many_labels_are_refused_before_anything_is_allocated(
    labels: np.ndarray,
) -> None:
    C = int(labels.max()) + 1
    sentence = f"output_hessian has shape ({len(labels)}, {C}, {C}); expected an array"
    with pytest.raises(InputError, match=re.escape(sentence)):
        targets(labels, loss=SOFTMAX, n=len(labels), outputs=None)


@pytest.mark.parametrize("label", [2**32, 2**63 + 5, 10**19, 1e300])
def test_labels_beyond_all_memory_are_refused(label: float) -> None:
    dtype = np.float64 if isinstance(label, float) else np.uint64
    labels = np.array([0, label], dtype=dtype)
    sentence = (
        f"Y holds the label {float(label):g}; expected labels below 2³²: number the"
    )
    with pytest.raises(InputError, match=re.escape(sentence)):
        targets(labels, loss=SOFTMAX, n=2, outputs=None)


def test_a_large_label_takes_no_square_of_its_size() -> None:
    found = targets([1999], loss=SOFTMAX, n=1, outputs=None)
    assert found.shape == (1, 2000)
    assert found.sum() == found[0, 1999] == 1


def test_a_label_beyond_the_outputs_is_refused_however_large() -> None:
    labels = np.array([10**19], dtype=np.uint64)
    with pytest.raises(InputError, match=r"Y holds the label 1e\+19;"):
        targets(labels, loss=SOFTMAX, n=1, outputs=2)


@pytest.mark.parametrize("y", [[True, False], np.array([True, False])])
def test_booleans_are_zeros_and_ones(y: object) -> None:
    assert targets(y, loss=LOGISTIC, n=2, outputs=None).tolist() == [[1], [0]]
    assert targets(y, loss=SOFTMAX, n=2, outputs=None).tolist() == [[0, 1], [1, 0]]


@pytest.mark.parametrize(
    ("y", "sentence"),
    [
        ([1.0, 2.0, 3.0], "Y has shape (3,); expected (2,) with no empty axis"),
        ([[1.0], [2.0], [3.0]], "Y has shape (3, 1); expected (2, C) with no empty"),
        (1.0, "Y has shape (); expected (2, C) with no empty axis"),
        ([[1.0], [1.0, 2.0]], "Y is ragged; expected an array with rows of equal"),
    ],
)
def test_a_wrong_shape_is_said_as_it_was_given(y: object, sentence: str) -> None:
    with pytest.raises(InputError, match=re.escape(sentence)):
        targets(y, loss=SQUARED, n=2, outputs=None)
