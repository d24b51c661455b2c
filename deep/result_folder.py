"""What the folders of all runs have in common: whose they are, and when they are complete.

A manifest is written first and says what was asked for; result.json is written last.
"""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, ClassVar

from ..errors import InputError
from ..records import leftovers, to_json, write_text

__all__ = ["MANIFEST", "RESULT", "ResultFolder"]

MANIFEST, RESULT = "manifest.json", "result.json"


class ResultFolder:
    """One run on the disk.

    Parameters
    ----------
    path : pathlib.Path
        The folder; it need not exist.
    identity : mapping
        What the result depends on, as values that JSON can hold.
    resume : bool
        Whether to go on with a run that is there.

    Attributes
    ----------
    FORMAT, COMMAND : str
        What its manifest says it is, and the command that writes it.
    OWN : mapping
        What the manifest holds beside the identity when a run begins.
    SAME : tuple of str
        Entries of the manifest that have to agree, beside the settings.
    WRITTEN : mapping of str to str
        What a run writes, folder by folder, as a regular expression.

    Raises
    ------
    InputError
        If `path` holds something else, or a run of other settings, or one at all where
        `resume` is false.
    """

    FORMAT: ClassVar[str]
    COMMAND: ClassVar[str]
    OWN: ClassVar[Mapping[str, Any]] = {}
    SAME: ClassVar[tuple[str, ...]] = ("version",)
    WRITTEN: ClassVar[Mapping[str, str]] = {}

    def __init__(
        self, path: Path, identity: Mapping[str, Any], *, resume: bool
    ) -> None:
        self.path = path
        wanted = {"format": self.FORMAT, **identity, **self.OWN}
        self._manifest: dict[str, Any] = json.loads(to_json(wanted))
        if self._is_free():
            return
        known = self.manifest_of(path)
        if not resume:
            raise InputError(
                f"out is {str(path)!r}; expected a folder without a run: pass --resume "
                "to go on with it, or name another"
            )
        self._refuse_another(known)
        self._manifest = known

    @property
    def complete(self) -> bool:
        """Whether the run came to its end."""
        return (self.path / RESULT).is_file()

    def write_manifest(self) -> None:
        """Write what was asked for, as it stands now.

        Raises
        ------
        RecordError
            If that cannot be done.
        """
        write_text(self.path / MANIFEST, to_json(self._manifest))

    def write_result(self, record: Mapping[str, Any]) -> None:
        """Write the result, last of all.

        Raises
        ------
        RecordError
            If that cannot be done.
        """
        write_text(self.path / RESULT, to_json(dict(record)))

    def result(self) -> dict[str, Any]:
        """The record of a complete run.

        Raises
        ------
        InputError
            If it is not as it was written.
        """
        try:
            return json.loads((self.path / RESULT).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise InputError(
                f"run is {str(self.path)!r}; expected {RESULT} as it was written: delete "
                "the folder and run again"
            ) from error

    @classmethod
    def manifest_of(cls, path: Path) -> dict[str, Any]:
        """The manifest of a run of this kind.

        Raises
        ------
        InputError
            If there is none.
        """
        try:
            found = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
            ours = found["format"] == cls.FORMAT and cls.is_whole(found)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            ours, found = False, {}
        if not ours:
            raise InputError(
                f"folder is {str(path)!r}; expected one with a {MANIFEST} of "
                f"`landtheory {cls.COMMAND}`: name another"
            )
        return found

    @classmethod
    def is_whole(cls, manifest: Mapping[str, Any]) -> bool:
        """Whether it holds what a manifest of this kind does."""
        return cls.OWN.keys() <= manifest.keys()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """What a file system refuses inside, in one sentence.

        Raises
        ------
        InputError
            If it refuses anything.
        """
        try:
            yield
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise InputError(
                f"out is {str(self.path)!r}; expected a folder that can be written, but "
                f"{reason}"
            ) from error

    def clear(self) -> None:
        """Delete temporary files that a killed run left, and no others."""
        for folder, pattern in self.WRITTEN.items():
            for entry in leftovers(self.path / folder, pattern):
                entry.unlink()

    def _is_free(self) -> bool:
        """Whether nothing is there but what a run left that was killed at once."""
        if not self.path.exists():
            return True
        if not self.path.is_dir():
            raise InputError(
                f"out is {str(self.path)!r}; expected a folder, not a file"
            )
        try:
            left = {*leftovers(self.path, re.escape(MANIFEST))}
            return all(self._is_empty(one) for one in {*self.path.iterdir()} - left)
        except OSError as error:
            reason = (error.strerror or type(error).__name__).lower()
            raise InputError(
                f"out is {str(self.path)!r}; expected a folder that can be read, but "
                f"{reason}"
            ) from error

    def _is_empty(self, entry: Path) -> bool:
        """Whether it is a folder that a run makes before its manifest, still empty."""
        del entry
        return False

    def _refuse_another(self, known: Mapping[str, Any]) -> None:
        wanted = self._manifest
        pairs = [(name, known.get(name), wanted.get(name)) for name in self.SAME]
        there, here = known.get("settings") or {}, wanted.get("settings") or {}
        pairs += [(name, there.get(name), here.get(name)) for name in {**there, **here}]
        for name, old, new in pairs:
            if old != new:
                raise InputError(
                    f"out is {str(self.path)!r}, a run with {name} {old!r}; expected "
                    f"{new!r}: resume with the same settings, or name another folder"
                )
