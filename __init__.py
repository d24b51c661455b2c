"""Theory about neural loss landscapes, made checkable.

Three layers, each resting only on the ones before it: `landtheory.theory` (SymPy: closed
forms and theorems for any size), `landtheory.numerics` (exact numbers, and the engine
that tries to break each theorem), `landtheory.deep` (PyTorch). Importing this package
loads none of them.
"""

from typing import TYPE_CHECKING

from ._lazy import attach

if TYPE_CHECKING:
    from ._version import __version__
    from .errors import (
        CertificateError,
        ConvergenceError,
        InputError,
        LandtheoryError,
        RecordError,
    )
    from .verdict import Status

__all__ = [
    "CertificateError",
    "ConvergenceError",
    "InputError",
    "LandtheoryError",
    "RecordError",
    "Status",
    "__version__",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "CertificateError": ".errors",
            "ConvergenceError": ".errors",
            "InputError": ".errors",
            "LandtheoryError": ".errors",
            "RecordError": ".errors",
            "Status": ".verdict",
            "__version__": "._version",
        },
    )
