"""A folder for a result that is written in one go, and tables in it."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..records import to_json, write_bytes, write_text

__all__ = ["check_out", "table_file", "write_out"]

RESULT = "result.json"


def check_out(out: str | None) -> None:
    """Say so before the work if a folder cannot be had.

    Parameters
    ----------
    out : str or None
        Value of --out: a folder that is empty or not there yet.

    Raises
    ------
    InputError
        If it is a file, or something is in it.
    """
    if out is None:
        return
    path = Path(out)
    try:
        free = bool(out) and (not path.exists() or not any(path.iterdir()))
    except OSError:
        # a file, or a folder that may not be read
        free = False
    if not free:
        raise InputError(
            f"out is {out!r}; expected a folder that is empty or not there: name another"
        )


def write_out(out: str, record: Mapping[str, Any], files: Mapping[str, bytes]) -> None:
    """Write the files, and the record last of all.

    Parameters
    ----------
    out : str
        The folder.
    record : mapping
        For result.json.
    files : mapping of str to bytes
        By their names below the folder.

    Raises
    ------
    InputError
        If a folder cannot be made.
    """
    for name, content in files.items():
        target = Path(out) / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise InputError(
                f"out is {out!r}; expected a folder that can be written, but {reason}"
            ) from error
        write_bytes(target, content)
    write_text(Path(out) / RESULT, to_json(dict(record)))


def table_file(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A table as CSV, in UTF-8, numbers to their last digit."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8")
