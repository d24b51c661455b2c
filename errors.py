"""What landtheory raises.

LandtheoryError
├── InputError(ValueError)            the caller can mend it: one sentence, exit code 2
├── ConvergenceError(ArithmeticError) an iteration stopped before its tolerance
├── CertificateError                  a file or proof does not establish what it says
└── RecordError(OSError)              a record cannot be read or written

A message reads ``<name> is <value>; expected <condition>: <what to do>``.
"""

__all__ = [
    "CertificateError",
    "ConvergenceError",
    "InputError",
    "LandtheoryError",
    "RecordError",
]


class LandtheoryError(Exception):
    """Everything that landtheory raises on purpose."""


class InputError(LandtheoryError, ValueError):
    """The input is wrong, and the caller can mend it."""


class ConvergenceError(LandtheoryError, ArithmeticError):
    """An iteration stopped before its tolerance; the message says how near it came."""


class CertificateError(LandtheoryError):
    """A file, derivation or proof does not establish what it says."""


class RecordError(LandtheoryError, OSError):
    """A record cannot be read or written; nothing half-written remains."""
