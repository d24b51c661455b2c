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
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from ...errors import InputError, RecordError
from ...records import to_json, write_bytes
from ..result_folder import MANIFEST, RESULT, ResultFolder
from .journal import Journal

__all__ = ["Arrays", "RunFolder", "read_run"]

Arrays = dict[str, npt.NDArray[Any]]

ARRAYS = "arrays.npz"
PRODUCTS, TRAINING, WEIGHTS = "products", "training.safetensors", "weights.safetensors"


class RunFolder(ResultFolder):
    """One run on the disk, with the choices that the machine made: see `ResultFolder`."""

    FORMAT = "landtheory deep-spectrum, format 1"
    COMMAND = "deep-spectrum"
    OWN: ClassVar[Mapping[str, Any]] = {"choices": {}}
    WRITTEN: ClassVar[Mapping[str, str]] = {
        ".": "|".join(
            map(
                re.escape,
                (MANIFEST, TRAINING, WEIGHTS, ARRAYS, RESULT, "report.html"),
            )
        ),
        PRODUCTS: r"\d{6}\.safetensors",
        "figures": r"(density|layers)\.(png|svg)",
    }

    @classmethod
    def is_whole(cls, manifest: Mapping[str, Any]) -> bool:
        """Whether it holds what a manifest of this kind does."""
        return super().is_whole(manifest) and isinstance(manifest["choices"], dict)

    def tidy(self) -> None:
        """Delete what is not needed where the run is complete, as far as that goes."""
        with suppress(OSError):
            self.clear()
        shutil.rmtree(self.path / PRODUCTS, ignore_errors=True)

    def begin(self) -> None:
        """Make the folder and its manifest, unless they are there.

        Raises
        ------
        InputError
            If that cannot be done.
        """
        with self.writing():
            self.path.mkdir(parents=True, exist_ok=True)
            self.clear()
            self.write_manifest()
            (self.path / PRODUCTS).mkdir(exist_ok=True)

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
            self.write_manifest()
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
        self.write_result(record)
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
    RunFolder.manifest_of(path)
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
