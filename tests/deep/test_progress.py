"""deep/progress.py: parts of a computation count on."""

from landtheory.deep.progress import part


def test_a_part_counts_on_from_where_it_begins() -> None:
    told: list[tuple[int, int]] = []
    tell = part(lambda done, of: told.append((done, of)), done=5, of=9)
    assert tell is not None
    tell(2, 4)
    assert told == [(7, 9)]


def test_nobody_listening_stays_nobody() -> None:
    assert part(None, done=0, of=1) is None
