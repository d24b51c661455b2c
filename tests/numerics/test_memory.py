"""numerics/memory.py: the refusal says what is needed, and what for."""

import re

import pytest

from landtheory.errors import InputError
from landtheory.numerics import memory


def test_the_refusal_names_the_size_and_how_much_more_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 2**33)
    memory.refuse_if_too_large("matrix", (2**14, 2**14), "no", copies=4)
    sentence = (
        "matrix has shape (16384, 16384); expected an array that fits in memory, but "
        "making its 2 GiB takes 5 times its size, 10 GiB, and 8 GiB are available: "
        "take less"
    )
    with pytest.raises(InputError, match=f"^{re.escape(sentence)}$"):
        memory.refuse_if_too_large("matrix", (2**14, 2**14), "take less", copies=5)
    assert memory.fits((2**14, 2**14), copies=4)
    assert not memory.fits((2**14, 2**14), copies=4.01)


def test_what_is_small_is_never_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "available_bytes", lambda: 0)
    assert memory.fits((100, 100))
