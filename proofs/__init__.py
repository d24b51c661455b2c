"""Machine-checked proofs: a library in Rocq (Coq), and what checks it.

The library is the .v files beside this one. `current_record` returns what was found of it
on this machine, as long as that still holds.
"""

from typing import TYPE_CHECKING

from .._lazy import attach

if TYPE_CHECKING:
    from .checking import check_library
    from .records import current_record, default_cache
    from .rows import all_refusals
    from .sources import LIBRARY, read_sources
    from .toolchain import MissingCoqError, find_toolchain

__all__ = [
    "LIBRARY",
    "MissingCoqError",
    "all_refusals",
    "check_library",
    "current_record",
    "default_cache",
    "find_toolchain",
    "read_sources",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "LIBRARY": ".sources",
            "MissingCoqError": ".toolchain",
            "all_refusals": ".rows",
            "check_library": ".checking",
            "current_record": ".records",
            "default_cache": ".records",
            "find_toolchain": ".toolchain",
            "read_sources": ".sources",
        },
    )
