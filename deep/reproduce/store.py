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

from ...errors import RecordError
from ...records import leftovers, to_json, write_bytes
from ..result_folder import ResultFolder
from ..training.checkpoints import read_checkpoint, write_checkpoint

__all__ = ["Made", "ReproduceFolder", "Store"]

RESULTS = "results"
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


class ReproduceFolder(ResultFolder, Store):
    """Results in a folder.

    A file is used again if it is whole and its key says the same identity and the same
    settings of the unit: one of another seed, preset or version never is.

    See `ResultFolder` for what it takes and refuses; the identity holds version, settings
    and device.
    """

    FORMAT = "landtheory reproduce, format 1"
    COMMAND = "reproduce"
    SAME = ("version", "device")

    def __init__(
        self, path: Path, identity: Mapping[str, Any], *, resume: bool
    ) -> None:
        Store.__init__(self, identity)
        ResultFolder.__init__(self, path, identity, resume=resume)

    def begin(self) -> None:
        """Make the folder and its manifest, and drop what a killed run left half-done.

        Raises
        ------
        InputError
            If that cannot be done.
        """
        with self.writing():
            self.path.mkdir(parents=True, exist_ok=True)
            for folder in (self.path, *(p for p in self.path.rglob("*") if p.is_dir())):
                for entry in leftovers(folder, ANY):
                    entry.unlink()
            self.write_manifest()

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
