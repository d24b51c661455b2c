"""Files: written whole or not at all."""

import json
import os
import tempfile
from pathlib import Path
from typing import Any

from .errors import RecordError

__all__ = ["to_json", "write_text"]


def to_json(record: dict[str, Any]) -> str:
    """A record as JSON text; NaN and infinities are refused, since JSON has none."""
    return json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_text(path: Path, text: str) -> None:
    """Write a file atomically: a reader sees the old content or all of the new.

    The text goes to a temporary file beside it, is flushed to the disk and moved over
    the name; then the folder is flushed.

    Parameters
    ----------
    path : pathlib.Path
        Where; an existing file is replaced.
    text : str
        Content, in UTF-8.

    Raises
    ------
    RecordError
        If it cannot be written; nothing half-written remains.
    """
    try:
        _replace(path, text)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RecordError(
            f"file {str(path)!r} cannot be written: {reason.lower()}"
        ) from error


def _replace(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
