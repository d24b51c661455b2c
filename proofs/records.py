"""The record of a check: kept whole in the cache, and found only while it still holds.

It is bound to the sources, to the checker, to the catalogue's claims and to Coq and the
libraries used; with another hash of any of them there is no record.
"""

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ..errors import RecordError
from ..records import to_json, write_text
from .claims import catalogue_claims
from .refusals import REQUIRED
from .sources import LIBRARY, Sources, checker_hash, hash_of, read_sources
from .toolchain import MissingCoqError, Toolchain, find_toolchain

__all__ = [
    "FORMAT",
    "binding",
    "current_record",
    "default_cache",
    "load_record",
    "store_record",
]

FORMAT = "landtheory proofs 1"


def default_cache() -> Path:
    """Where compiled files and records are kept: the user's cache folder."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    root = Path(home) if Path(home).is_absolute() else Path.home() / ".cache"
    return root / "landtheory" / "proofs"


def binding(
    sources: Sources, toolchain: Toolchain, required: Iterable[str]
) -> dict[str, str]:
    """Hashes of all that a record rests on.

    Parameters
    ----------
    sources, toolchain : Sources, Toolchain
        The library and Coq.
    required : iterable of str
        Ids that the library had to prove.
    """
    claims = {one: sorted(labels) for one, labels in catalogue_claims().items()}
    return {
        "sources": sources.digest,
        "checker": checker_hash(),
        "catalogue": hash_of(claims),
        "required": hash_of(sorted(required)),
        "coq": toolchain.version,
        "libraries": toolchain.libraries,
    }


def current_record(
    library: Path = LIBRARY, cache: Path | None = None
) -> dict[str, Any] | None:
    """The record of the library as it is now, on this machine; None if there is none.

    Parameters
    ----------
    library : pathlib.Path
        The folder of the sources.
    cache : pathlib.Path, optional
        Where records are kept, if not in the user's cache folder.
    """
    try:
        toolchain = find_toolchain()
    except MissingCoqError:
        return None
    required = REQUIRED if library == LIBRARY else ()
    bound = binding(read_sources(library), toolchain, required)
    return load_record(bound, default_cache() if cache is None else cache)


def load_record(bound: dict[str, str], cache: Path) -> dict[str, Any] | None:
    """The record that is bound so, if it is there and as it was written."""
    try:
        record = json.loads(_path(bound, cache).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if not isinstance(record, dict):
        return None
    told = record.pop("sha256", None)
    if record.get("binding") != bound or told != hash_of(record):
        return None
    return {**record, "sha256": told}


def store_record(record: dict[str, Any], cache: Path) -> dict[str, Any]:
    """Keep a record, and return it with its own hash.

    Raises
    ------
    RecordError
        If the cache cannot be written.
    """
    whole = json.loads(to_json(record))
    whole["sha256"] = hash_of(whole)
    path = _path(whole["binding"], cache)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordError(
            f"cache {str(cache)!r} cannot be written: {(error.strerror or '').lower()}"
        ) from error
    write_text(path, to_json(whole))
    return whole


def _path(bound: dict[str, str], cache: Path) -> Path:
    return cache / "records" / f"{hash_of(bound)}.json"
