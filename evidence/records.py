"""A folder of records, one JSON file each: what was run, and what it is bound to.

A file holds its own SHA-256, so that a record that was changed by hand, or that a disk
has damaged, is refused: it counts as no evidence.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

from ..errors import InputError, RecordError
from ..records import to_json, write_text

__all__ = ["Kind", "Record", "RecordFolder", "default_folder", "hash_of"]

Kind: TypeAlias = Literal["verify", "derivation", "formal", "folklore"]
"""A verification run of a theorem, a replay, a checked formal statement, a refutation."""

FORMAT = 1


@dataclass(frozen=True, kw_only=True)
class Record:
    """What was found in one run about one theorem, refutation or formal statement.

    Attributes
    ----------
    kind : str
        What was run.
    of : str
        The id of what it is about.
    bound : mapping of str to str
        SHA-256 of what it rests on, by name: it is evidence only while all are the same.
    content : mapping
        What was found.
    made : str
        When, in UTC.
    """

    kind: Kind
    of: str
    bound: Mapping[str, str]
    content: Mapping[str, Any]
    made: str = ""


def hash_of(value: Any) -> str:
    """SHA-256 of plain data, whatever the order of its names."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def default_folder() -> Path:
    """Where records lie unless another folder is named: in the user's cache."""
    cache = os.environ.get("XDG_CACHE_HOME", "")
    # the convention says to ignore a relative path
    base = Path(cache) if cache.startswith("/") else Path.home() / ".cache"
    return base / "landtheory" / "evidence"


class RecordFolder:
    """Records by kind and id.

    Parameters
    ----------
    folder : pathlib.Path
        Where they lie; it need not exist as long as nothing is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, kind: Kind, of: str) -> Path:
        """The file of a record."""
        return self.folder / f"{kind}-{of}.json"

    def write(self, record: Record) -> None:
        """Write a record, whole or not at all.

        Raises
        ------
        InputError
            If the folder cannot be made.
        """
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"records is {str(self.folder)!r}; expected a folder that can be "
                f"written: {(error.strerror or 'it cannot be made').lower()}"
            ) from error
        body = {
            "format": FORMAT,
            "kind": record.kind,
            "of": record.of,
            "made": record.made or datetime.now(UTC).isoformat(timespec="seconds"),
            "bound": dict(record.bound),
            "content": dict(record.content),
        }
        text = to_json({**body, "sha256": hash_of(body)})
        write_text(self.path(record.kind, record.of), text)

    def read(self, kind: Kind, of: str) -> Record | None:
        """The record, or None where there is none.

        Raises
        ------
        RecordError
            If there is one that cannot be relied on: the sentence says why.
        """
        path = self.path(kind, of)
        try:
            text = path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise RecordError(f"{path.name} cannot be read") from error
        try:
            body = json.loads(text)
            given = body.pop("sha256")
            same = given == hash_of(body)
        except (ValueError, AttributeError, KeyError, TypeError) as error:
            raise RecordError(f"{path.name} is no record") from error
        if not same:
            raise RecordError(f"{path.name} is not what was written: its hash differs")
        if (body["format"], body["kind"], body["of"]) != (FORMAT, kind, of):
            raise RecordError(f"{path.name} is the record of something else")
        return Record(
            kind=kind,
            of=of,
            bound=body["bound"],
            content=body["content"],
            made=body["made"],
        )
