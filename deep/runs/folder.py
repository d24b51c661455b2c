"""The folder of a run: what it holds, whose it is, and whether it is complete.

DIR/
├── manifest.json         what was asked for; written first
├── training.safetensors  the trained network, and all that training goes on from
├── products/             the journal, while the run is not complete
├── weights.safetensors   the trained network alone, for --weights
├── arrays.npz            numbers only: the same bytes whenever the run is the same
├── figures/              density and layers, .png and .svg
├── report.html
└── result.json           written last: the run is complete
"""

import io
import json
import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...errors import InputError, RecordError
from ...records import leftovers, to_json, write_bytes, write_text
from .journal import Journal

__all__ = ["Arrays", "RunFolder", "read_run"]

Arrays = dict[str, npt.NDArray[Any]]

FORMAT = "landtheory deep-spectrum, format 1"
MANIFEST, RESULT, ARRAYS = "manifest.json", "result.json", "arrays.npz"
PRODUCTS, TRAINING, WEIGHTS = "products", "training.safetensors", "weights.safetensors"

WRITTEN = {
    ".": "|".join(
        map(re.escape, (MANIFEST, TRAINING, WEIGHTS, ARRAYS, RESULT, "report.html"))
    ),
    PRODUCTS: r"\d{6}\.safetensors",
    "figures": r"(density|layers)\.(png|svg)",
}
"""What a run writes, folder by folder, as a regular expression."""


class RunFolder:
    """One run on the disk.

    Parameters
    ----------
    path : pathlib.Path
        The folder; it need not exist.
    identity : mapping
        What the result depends on; values that JSON can hold.
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
        self._manifest = _plain({"format": FORMAT, **identity, "choices": {}})
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

    def tidy(self) -> None:
        """Delete what is not needed where the run is complete, as far as that goes."""
        with suppress(OSError):
            _clear(self.path)
        shutil.rmtree(self.path / PRODUCTS, ignore_errors=True)

    def begin(self) -> None:
        """Make the folder and its manifest, unless they are there.

        Raises
        ------
        InputError
            If that cannot be done.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            _clear(self.path)
            write_text(self.path / MANIFEST, to_json(self._manifest))
            (self.path / PRODUCTS).mkdir(exist_ok=True)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise InputError(
                f"out is {str(self.path)!r}; expected a folder that can be written, but "
                f"{reason}"
            ) from error

    def chosen(self, name: str, value: Any) -> Any:
        """A choice that this machine makes, as it was made at first.

        Parameters
        ----------
        name : str
            What is chosen.
        value : what JSON can hold
            The choice, if none was made before.
        """
        choices = self._manifest["choices"]
        if name not in choices:
            choices[name] = value
            write_text(self.path / MANIFEST, to_json(self._manifest))
        return choices[name]

    def known(self, name: str) -> Any:
        """A choice that was made before, or None."""
        return self._manifest["choices"].get(name)

    def bind(self, name: str, value: str | None) -> None:
        """Refuse to go on with something that has changed since the run began.

        Raises
        ------
        InputError
            If `value`, a digest, is another than at first.
        """
        if self.chosen(name, value) != value:
            raise InputError(
                f"out is {str(self.path)!r}; expected a run of the same {name}, but its "
                "content has changed: name another folder"
            )

    @property
    def training(self) -> Path:
        """Where the state of training is kept."""
        return self.path / TRAINING

    def journal(self) -> Journal:
        """The products that were made."""
        return Journal(self.path / PRODUCTS)

    def finish(
        self, record: dict[str, Any], arrays: Arrays, others: Mapping[str, bytes]
    ) -> None:
        """Write the result, last of all the record, and drop the journal.

        Parameters
        ----------
        record : dict
            For result.json.
        arrays : dict of arrays
            For arrays.npz.
        others : mapping of str to bytes
            Further files, by their names below the folder.

        Raises
        ------
        RecordError
            If a file cannot be written.
        """
        write_bytes(self.path / ARRAYS, _npz(arrays))
        for name, content in others.items():
            target = self.path / name
            try:
                target.parent.mkdir(exist_ok=True)
            except OSError as error:
                raise RecordError(f"folder {str(target.parent)!r}: {error}") from error
            write_bytes(target, content)
        write_text(self.path / RESULT, to_json(record))
        self.tidy()


def read_run(path: Path) -> tuple[dict[str, Any], Arrays]:
    """The record and the arrays of a complete run.

    Parameters
    ----------
    path : pathlib.Path
        Its folder.

    Returns
    -------
    (dict, dict of arrays)
        As they were written.

    Raises
    ------
    InputError
        If it is none, or not complete.
    """
    _manifest_of(path)
    if not (path / RESULT).is_file():
        raise InputError(
            f"run is {str(path)!r}; expected one that is complete: go on with it by "
            "deep-spectrum --resume"
        )
    try:
        record = json.loads((path / RESULT).read_text(encoding="utf-8"))
        with np.load(path / ARRAYS, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except Exception as error:
        raise InputError(
            f"run is {str(path)!r}; expected {RESULT} and {ARRAYS} as they were "
            "written: delete the folder and run again"
        ) from error
    return record, arrays


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
        ours = found["format"] == FORMAT and isinstance(found["choices"], dict)
    except (OSError, ValueError, KeyError, TypeError):
        ours, found = False, {}
    if not ours:
        raise InputError(
            f"folder is {str(path)!r}; expected one with a {MANIFEST} of "
            "`landtheory deep-spectrum`: name another"
        )
    return found


def _refuse_another(path: Path, known: dict[str, Any], wanted: dict[str, Any]) -> None:
    pairs = [("version", known.get("version"), wanted.get("version"))]
    there, here = known.get("settings", {}), wanted.get("settings", {})
    pairs += [(name, there.get(name), here.get(name)) for name in {**there, **here}]
    for name, old, new in pairs:
        if old != new:
            raise InputError(
                f"out is {str(path)!r}, a run with {name} {old!r}; expected {new!r}: "
                "resume with the same settings, or name another folder"
            )


def _clear(path: Path) -> None:
    """Delete temporary files that a killed run left, and no others."""
    for folder, pattern in WRITTEN.items():
        for entry in leftovers(path / folder, pattern):
            entry.unlink()


def _npz(arrays: Arrays) -> bytes:
    """The same bytes for the same arrays: NumPy stamps every member 1980."""
    for name, array in arrays.items():
        if array.dtype.kind not in "fiub":
            raise RecordError(f"array {name} has dtype {array.dtype}; expected numbers")
    stream, members = io.BytesIO(), dict[str, Any](arrays)
    np.savez(stream, **members)
    return stream.getvalue()


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    """As it will be read back."""
    return json.loads(to_json(dict(value)))
