"""What landtheory raises.

LandtheoryError
├── InputError(ValueError)            the caller can mend it: one sentence, exit code 2
│   └── TextError                     a text cannot be read: the place is shown below
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
    "TextError",
]


class LandtheoryError(Exception):
    """Everything that landtheory raises on purpose."""


class InputError(LandtheoryError, ValueError):
    """The input is wrong, and the caller can mend it."""


class TextError(InputError):
    """A text, a conjecture say, cannot be read.

    Parameters
    ----------
    sentence : str
        What is wrong.
    place : str
        The text, and under it carets where that is: two lines.
    """

    def __init__(self, sentence: str, place: str) -> None:
        super().__init__(f"{sentence}\n{place}")
        self.sentence = sentence
        self.place = place


class ConvergenceError(LandtheoryError, ArithmeticError):
    """An iteration stopped before its tolerance; the message says how near it came."""


class CertificateError(LandtheoryError):
    """A file, derivation or proof does not establish what it says."""


class RecordError(LandtheoryError, OSError):
    """A record cannot be read or written; nothing half-written remains."""
