"""The folder of a reproduction: every result in a file of its own, once it is made.

DIR/
├── manifest.json                   what was asked for; written first
├── results/STAGE/UNIT.safetensors  networks, and rows as JSON in the header
├── data/STAGE.csv, .json           the rows of each stage
├── figures/NAME.png, .svg, .csv, .json
├── report.html
└── result.json                     written last: the run is complete
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from torch import Tensor

from ...errors import InputError, RecordError
from ...records import leftovers, to_json, write_bytes, write_text
from ..training.checkpoints import read_checkpoint, write_checkpoint

__all__ = ["Made", "ReproduceFolder", "Store"]

FORMAT = "landtheory reproduce, format 1"
MANIFEST, RESULT, RESULTS = "manifest.json", "result.json", "results"
ANY = r".*"

Made = tuple[Mapping[str, Tensor], Any]
"""Tensors by name, and a value that JSON can hold."""


class Store:
    """Results that are made once, in memory.

    Parameters
    ----------
    identity : mapping
        What every result depends on.
    """

    def __init__(self, identity: Mapping[str, Any]) -> None:
        self._identity = to_json(dict(identity))
        self._known: dict[str, tuple[dict[str, Tensor], Any]] = {}

    def made(
        self, stage: str, unit: str, about: Mapping[str, Any], make: Callable[[], Made]
    ) -> tuple[dict[str, Tensor], Any]:
        """The result of a unit: made now, unless it was before.

        Parameters
        ----------
        stage, unit : str
            Which.
        about : mapping
            What this result depends on beside the identity.
        make : callable
            Makes it.

        Returns
        -------
        (dict of tensors, value)
            As they come back from JSON, so that a result that was just made is none
            other than one that is read.
        """
        text = json.dumps([stage, unit, dict(about)], sort_keys=True, allow_nan=False)
        key = hashlib.sha256((self._identity + text).encode()).hexdigest()
        found = self._find(stage, unit, key)
        if found is None:
            tensors, value = make()
            plain = json.loads(json.dumps(value, allow_nan=False))
            found = {name: t.detach().to("cpu") for name, t in tensors.items()}, plain
            self._keep(stage, unit, key, found)
        return found

    def _find(
        self, stage: str, unit: str, key: str
    ) -> tuple[dict[str, Tensor], Any] | None:
        del stage, unit
        return self._known.get(key)

    def _keep(
        self, stage: str, unit: str, key: str, found: tuple[dict[str, Tensor], Any]
    ) -> None:
        del stage, unit
        self._known[key] = found


class ReproduceFolder(Store):
    """Results in a folder.

    A file is used again if it is whole and its key says the same identity and the same
    settings of the unit: one of another seed, preset or version never is.

    Parameters
    ----------
    path : pathlib.Path
        The folder; it need not exist.
    identity : mapping
        What every result depends on, as values that JSON can hold: version, settings,
        device.
    resume : bool
        Whether to go on with a run that is there.

    Raises
    ------
    InputError
        If `path` holds something else, or a run of other settings, or one at all where
        `resume` is false.
    """

    def __init__(
        self, path: Path, identity: Mapping[str, Any], *, resume: bool
    ) -> None:
        super().__init__(identity)
        self.path = path
        self._manifest = json.loads(to_json({"format": FORMAT, **identity}))
        if _is_free(path):
            return
        known = _manifest_of(path)
        if not resume:
            raise InputError(
                f"out is {str(path)!r}; expected a folder without a run: pass --resume "
                "to go on with it, or name another"
            )
        _refuse_another(path, known, self._manifest)

    @property
    def complete(self) -> bool:
        """Whether the run came to its end."""
        return (self.path / RESULT).is_file()

    def begin(self) -> None:
        """Make the folder and its manifest, and drop what a killed run left half-done.

        Raises
        ------
        InputError
            If that cannot be done.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for folder in (self.path, *(p for p in self.path.rglob("*") if p.is_dir())):
                for entry in leftovers(folder, ANY):
                    entry.unlink()
            write_text(self.path / MANIFEST, to_json(self._manifest))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise InputError(
                f"out is {str(self.path)!r}; expected a folder that can be written, but "
                f"{reason}"
            ) from error

    def write(self, name: str, content: bytes) -> None:
        """A file below the folder.

        Raises
        ------
        RecordError
            If it cannot be written.
        """
        target = self.path / name
        _make(target.parent)
        write_bytes(target, content)

    def finish(self, record: Mapping[str, Any]) -> None:
        """Write the result, last of all.

        Raises
        ------
        RecordError
            If it cannot be written.
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

    def _find(
        self, stage: str, unit: str, key: str
    ) -> tuple[dict[str, Tensor], Any] | None:
        try:
            tensors, values = read_checkpoint(self._path(stage, unit))
        except RecordError:
            return None
        return (
            (tensors, json.loads(values["value"])) if values.get("key") == key else None
        )

    def _keep(
        self, stage: str, unit: str, key: str, found: tuple[dict[str, Tensor], Any]
    ) -> None:
        path = self._path(stage, unit)
        _make(path.parent)
        # as text: the header of a checkpoint sorts names, and columns have an order
        text = json.dumps(found[1], allow_nan=False)
        write_checkpoint(path, found[0], {"key": key, "value": text})

    def _path(self, stage: str, unit: str) -> Path:
        name = re.sub(r"[^A-Za-z0-9.+-]", "_", unit)
        return self.path / RESULTS / stage / f"{name}.safetensors"


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise RecordError(f"folder {str(folder)!r} cannot be made: {reason}") from error


def _is_free(path: Path) -> bool:
    """Whether nothing is there but what a run left that was killed at its first file."""
    if not path.exists():
        return True
    if not path.is_dir():
        raise InputError(f"out is {str(path)!r}; expected a folder, not a file")
    try:
        others = {*path.iterdir()} - {*leftovers(path, re.escape(MANIFEST))}
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError(
            f"out is {str(path)!r}; expected a folder that can be read, but {reason}"
        ) from error
    return not others


def _manifest_of(path: Path) -> dict[str, Any]:
    try:
        found = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        ours = found["format"] == FORMAT
    except (OSError, ValueError, KeyError, TypeError):
        ours, found = False, {}
    if not ours:
        raise InputError(
            f"folder is {str(path)!r}; expected one with a {MANIFEST} of "
            "`landtheory reproduce`: name another"
        )
    return found


def _refuse_another(path: Path, known: dict[str, Any], wanted: dict[str, Any]) -> None:
    there, here = known.get("settings", {}), wanted.get("settings", {})
    pairs = [(n, known.get(n), wanted.get(n)) for n in ("version", "device")]
    pairs += [(name, there.get(name), here.get(name)) for name in {**there, **here}]
    for name, old, new in pairs:
        if old != new:
            raise InputError(
                f"out is {str(path)!r}, a run with {name} {old!r}; expected {new!r}: "
                "resume with the same settings, or name another folder"
            )
