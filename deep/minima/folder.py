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
from typing import Any

from safetensors.torch import load, save

from ...errors import InputError, RecordError
from ...records import leftovers, to_json, write_bytes, write_text
from .minimum import Minimum
from .search import Case

__all__ = ["MinimaFolder", "read_minima"]

FORMAT = "landtheory minima, format 1"
MANIFEST, RESULT, MINIMA = "manifest.json", "result.json", "minima"

WRITTEN = {
    ".": "|".join(map(re.escape, (MANIFEST, RESULT))),
    MINIMA: r"attack-.*",
}
"""What a run writes, folder by folder, as a regular expression."""


class MinimaFolder:
    """One run on the disk.

    Parameters
    ----------
    path : pathlib.Path
        The folder; it need not exist.
    identity : mapping
        What the result depends on, as values that JSON can hold: version and settings.
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
        self.path = path
        self._manifest: dict[str, Any] = json.loads(
            to_json({"format": FORMAT, **identity, "digest": None})
        )
        if _is_free(path):
            return
        known = _manifest_of(path)
        if not resume:
            raise InputError(
                f"out is {str(path)!r}; expected a folder without a run: pass --resume "
                "to go on with it, or name another"
            )
        _refuse_another(path, known, self._manifest)
        self._manifest = known

    @property
    def complete(self) -> bool:
        """Whether the run came to its end."""
        return (self.path / RESULT).is_file()

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
        try:
            (self.path / MINIMA).mkdir(parents=True, exist_ok=True)
            for folder, pattern in WRITTEN.items():
                for entry in leftovers(self.path / folder, pattern):
                    entry.unlink()
            write_text(self.path / MANIFEST, to_json(self._manifest))
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise InputError(
                f"out is {str(self.path)!r}; expected a folder that can be written, but "
                f"{reason}"
            ) from error

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

    def finish(self, record: Mapping[str, Any]) -> None:
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
    known = _manifest_of(path)
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


def _is_free(path: Path) -> bool:
    """Whether nothing is there but what a run left that was killed at its first file."""
    if not path.exists():
        return True
    if not path.is_dir():
        raise InputError(f"out is {str(path)!r}; expected a folder, not a file")
    try:
        others = {*path.iterdir()} - {*leftovers(path, re.escape(MANIFEST))}
        empty = all(one.name == MINIMA and not [*one.iterdir()] for one in others)
    except OSError as error:
        reason = (error.strerror or type(error).__name__).lower()
        raise InputError(
            f"out is {str(path)!r}; expected a folder that can be read, but {reason}"
        ) from error
    return empty


def _manifest_of(path: Path) -> dict[str, Any]:
    try:
        found = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        ours = found["format"] == FORMAT and "digest" in found
    except (OSError, ValueError, KeyError, TypeError):
        ours, found = False, {}
    if not ours:
        raise InputError(
            f"folder is {str(path)!r}; expected one with a {MANIFEST} of `landtheory "
            "minima`: name another"
        )
    return found


def _refuse_another(path: Path, known: dict[str, Any], wanted: dict[str, Any]) -> None:
    pairs = [("version", known.get("version"), wanted.get("version"))]
    there, here = known.get("settings") or {}, wanted.get("settings") or {}
    pairs += [(name, there.get(name), here.get(name)) for name in {**there, **here}]
    for name, old, new in pairs:
        if old != new:
            raise InputError(
                f"out is {str(path)!r}, a run with {name} {old!r}; expected {new!r}: "
                "resume with the same settings, or name another folder"
            )
