"""Files: written whole or not at all."""

import json
import os
import re
import secrets
import stat
from pathlib import Path
from typing import Any

from .errors import InputError, RecordError

__all__ = ["check_target", "leftovers", "to_json", "write_bytes", "write_text"]

_TEMPORARY = re.compile(r"\.(.{1,40})\.[0-9a-f]{16}", re.DOTALL)
"""What `write_bytes` calls a file while it is not whole."""


def to_json(record: dict[str, Any]) -> str:
    """A record as JSON text; NaN and infinities are refused, since JSON has none."""
    return json.dumps(record, indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def check_target(json: str | None) -> None:
    """Say so before the work, not after it, if a record cannot be written.

    Parameters
    ----------
    json : str or None
        Value of --json: a file, - for standard output, or None for no record.

    Raises
    ------
    InputError
        If it is empty, names a folder, or a file in none.
    """
    if json in (None, "-"):
        return
    path = Path(str(json))
    try:
        fits = bool(json) and not path.is_dir() and path.parent.is_dir()
    except OSError:
        # a name too long for the file system
        fits = False
    if not fits:
        raise InputError(
            f"json is {json!r}; expected a file in an existing folder, or -"
        )


def write_text(path: Path, text: str) -> None:
    """Write a file atomically, as `write_bytes` does.

    Parameters
    ----------
    path : pathlib.Path
        Where, as for `write_bytes`.
    text : str
        Content, in UTF-8.
    """
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file atomically: a reader sees the old content or all of the new.

    The content goes to a temporary file beside it, is flushed to the disk and moved
    over the name; then the folder is flushed. A pipe or a device is written to as it
    stands, since nothing can take its place.

    Parameters
    ----------
    path : pathlib.Path
        Where; an existing file is replaced and keeps its mode, and a symbolic link
        leads to the file that is written.
    content : bytes
        Content.

    Raises
    ------
    RecordError
        If it cannot be written; nothing half-written remains.
    """
    try:
        mode = _mode(path)
        if mode is None or stat.S_ISREG(mode):
            _replace(Path(os.path.realpath(path)), content, mode)
        else:
            _pour(path, content)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise RecordError(
            f"file {str(path)!r} cannot be written: {reason.lower()}"
        ) from error


def leftovers(folder: Path, pattern: str) -> list[Path]:
    """Temporary files of `write_bytes`, left where a process was killed while it wrote.

    Parameters
    ----------
    folder : pathlib.Path
        Where to look; not below it. None if it is no folder.
    pattern : str
        Regular expression for the first 40 characters of what a file was to be called.

    Returns
    -------
    list of pathlib.Path
        In the order of their names.

    Raises
    ------
    OSError
        If the folder cannot be read.
    """
    if not folder.is_dir():
        return []
    found = []
    for entry in sorted(folder.iterdir()):
        match = _TEMPORARY.fullmatch(entry.name)
        if match and re.fullmatch(pattern, match[1]):
            found.append(entry)
    return found


def _mode(path: Path) -> int | None:
    """Kind and permissions of what is there, at the end of its links; None if nothing."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def _pour(path: Path, content: bytes) -> None:
    """Write into something that is there, and make no file if it has gone by now."""
    with open(os.open(path, os.O_WRONLY | os.O_NOCTTY), "wb") as stream:  # noqa: PTH123 - a descriptor
        stream.write(content)


def _replace(path: Path, content: bytes, mode: int | None) -> None:
    # the kernel takes the umask from what is asked for; a secret file is one from its
    # first byte on
    permissions = 0o666 if mode is None else stat.S_IMODE(mode) & 0o777
    # part of the name: a name may be as long as the file system allows
    temporary = path.parent / f".{path.name[:40]}.{secrets.token_hex(8)}"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    handle = os.open(temporary, flags, permissions)
    try:
        with open(handle, "wb") as stream:  # noqa: PTH123 - a descriptor
            if mode is not None:
                os.fchmod(handle, permissions)
            stream.write(content)
            stream.flush()
            os.fsync(handle)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
