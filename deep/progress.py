"""How far a long computation is: a callable that the caller gives, or none."""

from collections.abc import Callable

__all__ = ["Progress", "part"]

Progress = Callable[[int, int], None]
"""Called with how many products are made, and how many there will be."""


def part(progress: Progress | None, *, done: int, of: int) -> Progress | None:
    """The same, for a part of a computation that begins with `done` of `of` products.

    Parameters
    ----------
    progress : callable or None
        For the whole.
    done, of : int
        Products made before, and in all.
    """
    if progress is None:
        return None
    return lambda made, _: progress(done + made, of)
