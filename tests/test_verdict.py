"""verdict.py: the ladder, its weakest rung, and the exit codes."""

import pytest

from landtheory.verdict import Status, exit_code, weakest

LADDER = [
    Status.PROVED,
    Status.CERTIFIED,
    Status.SUPPORTED,
    Status.UNDECIDED,
    Status.REFUTED,
]


def test_the_ladder_descends() -> None:
    strengths = [status.strength for status in LADDER]
    assert strengths == [4, 3, 2, 1, 0]


def test_the_weakest_counts() -> None:
    assert weakest(LADDER) is Status.REFUTED
    assert weakest(LADDER[:2]) is Status.CERTIFIED
    with pytest.raises(ValueError, match="empty"):
        weakest([])


def test_exit_codes() -> None:
    assert [exit_code(status) for status in LADDER] == [0, 0, 0, 3, 1]
