"""Whether torchrun started this process beside others, and which of them speaks."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..deep.processes import Processes

__all__ = ["is_first", "leave_if_launched", "processes"]

LAUNCHED = ("TORCHELASTIC_RUN_ID", "RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT")
"""What torchrun tells each process."""


def is_first() -> bool:
    """Whether this process speaks: the only one, or the first of torchrun's."""
    return not _launched() or os.environ["RANK"] == "0"


@contextmanager
def processes() -> Iterator["Processes"]:
    """All processes of a command: what one raises ends all of them.

    Yields
    ------
    Processes
        Those that torchrun started, or this one alone.
    """
    from ..deep.devices import communication_backends
    from ..deep.group import current_processes, joined

    if not _launched():
        yield current_processes()
        return
    with joined(communication_backends()) as every, every.together():
        yield every


def leave_if_launched(code: int) -> None:
    """End one of torchrun's processes here, without winding Python up.

    Threads of torch.distributed outlive the group, and one that lets go of a tensor while
    Python winds up aborts the process.

    Parameters
    ----------
    code : int
        Exit code; all that was said is written by now.
    """
    if _launched():
        os._exit(code)


def _launched() -> bool:
    known = all(name in os.environ for name in LAUNCHED)
    return known and os.environ["WORLD_SIZE"] != "1"
