"""Standard output and error, for readers that go away and disks that are full."""

import io
import os
import pathlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, TextIO

from ..errors import RecordError

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

__all__ = ["guarded_streams"]


@contextmanager
def guarded_streams() -> Iterator[None]:
    """Let nobody above meet a broken pipe, and make other failures a RecordError.

    `landtheory theorems | head -1` ends as it would have without a pipe: what the reader
    no longer wants is dropped, and the exit code stays that of the result. Streams that
    were replaced, by a test say, are left alone; a closed one is as good as the null
    device.
    """
    known = sys.stdout, sys.stderr
    sys.stdout = _guarded(sys.stdout, sys.__stdout__, "standard output")
    sys.stderr = _guarded(sys.stderr, sys.__stderr__, "standard error")
    try:
        yield
    finally:
        sys.stdout, sys.stderr = known


def _guarded(stream: TextIO | None, own: TextIO | None, name: str) -> TextIO:
    if stream is None:
        return pathlib.Path(os.devnull).open("w", encoding="utf-8")
    if stream is not own:
        return stream
    stream.flush()
    return io.TextIOWrapper(
        io.BufferedWriter(_Descriptor(stream.fileno(), name)),
        encoding=stream.encoding,
        # what the encoding lacks, σ in ASCII say, must not end a command
        errors="backslashreplace" if stream.errors == "backslashreplace" else "replace",
        line_buffering=stream.isatty() or name == "standard error",
    )


class _Descriptor(io.FileIO):
    """Writes to a file descriptor until that fails, then to the null device."""

    def __init__(self, number: int, called: str) -> None:
        super().__init__(number, "wb", closefd=False)
        self._called = called

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except BrokenPipeError:
            self._silence()
            return memoryview(data).nbytes
        except OSError as error:
            self._silence()
            reason = (error.strerror or type(error).__name__).lower()
            raise RecordError(f"{self._called} cannot be written: {reason}") from error

    def _silence(self) -> None:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, self.fileno())
        os.close(null)
