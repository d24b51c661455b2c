"""What the first of several processes does for all: it trains, keeps the folder, and tells.

In one process these are the things themselves.
"""

import time
from collections.abc import Callable
from typing import Any

from torch import nn

from ..processes import Processes
from ..progress import Progress
from ..training.resumption import stored_tensors
from .folder import RunFolder
from .journal import SharedJournal

__all__ = ["Choices", "by_the_first", "journal_of", "share_weights"]

SIGN_OF_LIFE = 60.0
"""Seconds after which the others hear from the first again: far below their patience."""

ALIVE, DONE = "alive", "done"


class Choices:
    """What is chosen once for a run, by the first process, and kept in its folder.

    Parameters
    ----------
    folder : RunFolder, optional
        Of the first process; the others have none.
    processes : Processes
        Who is told.
    """

    def __init__(self, folder: RunFolder | None, processes: Processes) -> None:
        self._folder, self._processes = folder, processes

    def chosen(self, name: str, value: Any) -> Any:
        """As `RunFolder.chosen`; without a folder the first process's value."""
        if self._folder is not None:
            value = self._folder.chosen(name, value)
        return self._processes.told(value)

    def known(self, name: str) -> Any:
        """As `RunFolder.known`; without a folder None."""
        folder = self._folder
        return self._processes.told(None if folder is None else folder.known(name))


def by_the_first(
    work: Callable[[Progress], Any], processes: Processes, progress: Progress
) -> Any:
    """Let the first process do something long, while the others wait for it.

    Parameters
    ----------
    work : callable
        Given where to tell how far it is.
    processes : Processes
        All of them.
    progress : callable
        Told how far it is.

    Returns
    -------
    object
        What `work` returned; None in the others.
    """
    if not processes.is_first:
        while processes.told(None) != DONE:
            progress(0, 1)
        return None
    last = time.monotonic()

    def alive(done: int, of: int) -> None:
        nonlocal last
        progress(done, of)
        if time.monotonic() - last > SIGN_OF_LIFE:
            last = time.monotonic()
            processes.told(ALIVE)

    found = work(alive)
    processes.told(DONE)
    return found


def share_weights(model: nn.Module, processes: Processes) -> None:
    """Give the model of every process the parameters and buffers of the first one's."""
    for tensor in stored_tensors(model).values():
        processes.copied(tensor)


def journal_of(folder: RunFolder | None, processes: Processes) -> SharedJournal | None:
    """The journal of a run, in every process; None where nothing is kept."""
    if not processes.told(folder is not None):
        return None
    return SharedJournal(None if folder is None else folder.journal(), processes)
