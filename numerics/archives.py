"""NumPy archives from users: bounded in size, and nothing in them is unpickled."""

import lzma
import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from ..errors import InputError

__all__ = ["opened_archive", "read_member"]

MAX_BYTES = 2**31
MAX_MEMBERS = 64

_DAMAGED: Final = (
    ValueError,
    TypeError,
    OverflowError,
    MemoryError,
    RecursionError,
    OSError,
    EOFError,
    tokenize.TokenError,
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
)
"""What unpacking and reading raise where the bytes are not those of an array."""


def opened_archive(path: Path) -> zipfile.ZipFile:
    """An .npz archive, open for reading; the caller closes it.

    Parameters
    ----------
    path : pathlib.Path
        Its file.

    Raises
    ------
    InputError
        If it cannot be read, is no such archive, or is larger than 2 GiB when unpacked.
    """
    try:
        archive = zipfile.ZipFile(path)
    except OSError as error:
        reason = error.strerror or "cannot be opened"
        raise InputError(
            f"data is {str(path)!r}; expected a readable .npz file: {reason.lower()}"
        ) from None
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        raise InputError(
            f"data is {str(path)!r}; expected an .npz archive: write it with numpy.savez"
        ) from None
    members = archive.infolist()
    size = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS or size > MAX_BYTES:
        archive.close()
        raise InputError(
            f"data is {str(path)!r} with {len(members)} members and "
            f"{size / 2**30:.1f} GiB unpacked; expected at most {MAX_MEMBERS} members "
            f"and {MAX_BYTES / 2**30:.0f} GiB"
        )
    return archive


def read_member(
    archive: zipfile.ZipFile, path: Path, name: str
) -> npt.NDArray[np.generic]:
    """One array of an archive, never unpickled.

    Parameters
    ----------
    archive : zipfile.ZipFile
        From `opened_archive`.
    path : pathlib.Path
        Its file, for the message.
    name : str
        Of the array.

    Raises
    ------
    InputError
        If it is missing, damaged, encrypted, packed in an unknown way, or holds
        objects.
    """
    if f"{name}.npy" not in archive.namelist():
        found = ", ".join(
            sorted(entry.removesuffix(".npy") for entry in archive.namelist())
        )
        raise InputError(
            f"data is {str(path)!r}, which holds {found or 'nothing'}; expected the "
            "arrays X and y"
        )
    try:
        with archive.open(f"{name}.npy") as stream:
            array: npt.NDArray[np.generic] = np.lib.format.read_array(
                stream, allow_pickle=False
            )
    except _DAMAGED:
        raise InputError(
            f"{name} in {path} cannot be read; expected a plain array of numbers: "
            "objects and damaged files are refused"
        ) from None
    except RuntimeError:
        # zipfile says no more of a password, or of a compression that it lacks
        raise InputError(
            f"{name} in {path} is encrypted or packed in an unknown way; expected an "
            ".npz archive: write it with numpy.savez"
        ) from None
    return array
