"""The folder of a run of `landtheory minima`.

DIR/
├── manifest.json                     what was asked for; written first
├── minima/
│   ├── attack-0.5-seed-0.safetensors weights, for --weights
│   └── attack-0.5-seed-0.json        its record, with the digest of the weights
└── result.json                       written last: the run is complete
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from safetensors.torch import load, save

from ...errors import InputError, RecordError
from ...records import to_json, write_bytes, write_text
from ..result_folder import MANIFEST, RESULT, ResultFolder
from .minimum import Minimum
from .search import Case

__all__ = ["MinimaFolder", "read_minima"]

MINIMA = "minima"


class MinimaFolder(ResultFolder):
    """One run on the disk, minimum by minimum: see `ResultFolder`."""

    FORMAT = "landtheory minima, format 1"
    COMMAND = "minima"
    OWN: ClassVar[Mapping[str, Any]] = {"digest": None}
    WRITTEN: ClassVar[Mapping[str, str]] = {
        ".": "|".join(map(re.escape, (MANIFEST, RESULT))),
        MINIMA: r"attack-.*",
    }

    def begin(self, digest: str) -> None:
        """Make the folder and its manifest, unless they are there.

        Parameters
        ----------
        digest : str
            Of the samples and the initial weights.

        Raises
        ------
        InputError
            If that cannot be done, or the digest is another than at first.
        """
        if self._manifest["digest"] not in (None, digest):
            raise InputError(
                f"out is {str(self.path)!r}; expected a run of the same samples and "
                "initial weights, but they have changed: name another folder"
            )
        self._manifest["digest"] = digest
        with self.writing():
            (self.path / MINIMA).mkdir(parents=True, exist_ok=True)
            self.clear()
            self.write_manifest()

    def found(self, group: Sequence[Case]) -> tuple[Minimum, ...] | None:
        """The minima of a group, if all of them are there and whole."""
        try:
            return tuple(self._read(*case) for case in group)
        except RecordError:
            return None

    def keep(self, minimum: Minimum) -> None:
        """Write a minimum down: its weights first, then its record.

        Raises
        ------
        RecordError
            If that cannot be done.
        """
        stem = self._stem(minimum.seed, minimum.fraction)
        weights = save({name: t.contiguous() for name, t in minimum.state.items()})
        write_bytes(Path(f"{stem}.safetensors"), weights)
        digest = hashlib.sha256(weights).hexdigest()
        record = {"sha256": digest} | minimum.record()
        write_text(Path(f"{stem}.json"), to_json(record))

    def _is_empty(self, entry: Path) -> bool:
        return entry.name == MINIMA and not any(entry.iterdir())

    def _stem(self, seed: int, fraction: float) -> Path:
        return self.path / MINIMA / f"attack-{fraction!r}-seed-{seed}"

    def _read(self, seed: int, fraction: float) -> Minimum:
        stem = self._stem(seed, fraction)
        try:
            record = json.loads(Path(f"{stem}.json").read_text(encoding="utf-8"))
            weights = Path(f"{stem}.safetensors").read_bytes()
            whole = record.pop("sha256") == hashlib.sha256(weights).hexdigest()
            minimum = Minimum.of(load(weights), record)
        except Exception as error:
            raise RecordError(f"minimum {str(stem)!r} cannot be read") from error
        if not whole or (minimum.seed, minimum.fraction) != (seed, fraction):
            raise RecordError(f"minimum {str(stem)!r} is not as it was written")
        return minimum


def read_minima(path: Path) -> tuple[dict[str, Any], tuple[Minimum, ...]]:
    """The record and the minima of a complete run.

    Parameters
    ----------
    path : pathlib.Path
        Its folder.

    Returns
    -------
    (dict, tuple of Minimum)
        As they were written, those that did not converge too.

    Raises
    ------
    InputError
        If it is none, not complete, or damaged.
    """
    known = MinimaFolder.manifest_of(path)
    folder = MinimaFolder(path, {n: known.get(n) for n in IDENTITY}, resume=True)
    if not folder.complete:
        raise InputError(
            f"run is {str(path)!r}; expected one that is complete: go on with it by "
            "minima --resume"
        )
    record = folder.result()
    cases = [Case(one["seed"], one["fraction"]) for one in record["minima"]]
    found = folder.found(cases)
    if found is None:
        raise InputError(
            f"run is {str(path)!r}; expected every file of {MINIMA} as it was written: "
            "delete the folder and run again"
        )
    return record, found


IDENTITY = ("command", "version", "seed", "settings")
