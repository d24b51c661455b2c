"""Certificates of spurious minima: what one holds, and how one is read from a file.

Every number is a decimal in a string, and stands for exactly itself. Files are not
trusted: sizes are bounded, and what is not of this format is refused.
"""

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from ...errors import InputError

__all__ = [
    "FORMAT",
    "LARGEST_K",
    "Certificate",
    "certificate_record",
    "read_certificate",
]

FORMAT: Final = "landtheory spurious minimum 1"

PRECONDITIONER: Final = "float64 inverse of the Hessian at the centre"
"""Y of the checks, said in words: it is computed anew, and any Y would do."""

LARGEST_K: Final = 24
"""The largest that was tried; the cost of the checks grows like k⁶."""

LARGEST_SEED: Final = 2**64

PRECISIONS: Final = (2, 1024)
"""Bits that a certificate may ask for."""

_MOST_BYTES: Final = 2**20
_DECIMAL: Final = re.compile(r"-?[0-9]{1,9}\.[0-9]{1,300}", re.ASCII)
_RADIUS: Final = re.compile(r"[1-9]e-[1-9][0-9]{0,2}", re.ASCII)

Bounds = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What is claimed of L(W) = ½ E (Σ_i relu(w_i·x) - Σ_j relu(x_j))², x ~ N(0, I_k).

    In the box of all W with |W_ij - centre_ij| <= radius there is exactly one critical
    point, and for every W in it λ_min(∇²L(W)), λ_max(∇²L(W)) and L(W) lie within the
    bounds, of which λ_min's and L's are positive.

    Attributes
    ----------
    k : int
        Neurons of the student and of the teacher I_k.
    centre : k rows of k decimals
        Of the box.
    radius : str
        Such as 1e-40.
    precision : int
        Bits of the ball arithmetic in which the checks succeed.
    loss, lambda_min, lambda_max : (lower, upper), decimals
        What encloses them on the whole box.
    seed : int
        Of the search.
    versions : dict
        Of the programs that made it.
    """

    k: int
    centre: tuple[tuple[str, ...], ...]
    radius: str
    precision: int
    loss: Bounds
    lambda_min: Bounds
    lambda_max: Bounds
    seed: int
    versions: dict[str, str]


def certificate_record(certificate: Certificate) -> dict[str, Any]:
    """As it is written, with the way in which it is checked."""
    head = {"format": FORMAT, "preconditioner": PRECONDITIONER}
    return head | asdict(certificate)


def read_certificate(path: Path) -> Certificate:
    """A certificate from its file.

    Parameters
    ----------
    path : pathlib.Path
        Of at most 1 MiB.

    Raises
    ------
    InputError
        If it cannot be read, or is no certificate of this format.
    """
    record = _json(path, _bytes(path))
    wrong = _defect(record)
    if wrong is not None:
        raise InputError(f"certificate {str(path)!r} has {wrong}")
    fixed = ("format", "preconditioner")
    known = {name: value for name, value in record.items() if name not in fixed}
    pairs = {name: tuple(known[name]) for name in ("loss", "lambda_min", "lambda_max")}
    centre = tuple(tuple(row) for row in known["centre"])
    return Certificate(**{**known, **pairs, "centre": centre})


def _bytes(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise InputError(
                f"certificate is {str(path)!r}; expected a file that certify wrote"
            )
        with path.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = getattr(error, "strerror", None) or "no file can have this name"
        raise InputError(
            f"certificate is {str(path)!r}; expected a readable file: {reason.lower()}"
        ) from None
    if len(content) > _MOST_BYTES:
        raise InputError(
            f"certificate is {str(path)!r}, of more than {_MOST_BYTES} bytes; expected "
            "fewer"
        )
    return content


def _json(path: Path, content: bytes) -> Any:
    try:
        return json.loads(
            content.decode("utf-8"),
            parse_constant=_refused,
            object_pairs_hook=_distinct,
        )
    except (ValueError, RecursionError):
        # also bytes that are no UTF-8, and whole numbers of thousands of digits
        raise InputError(
            f"certificate is {str(path)!r}, which is no JSON; expected a file that "
            "certify wrote, unharmed"
        ) from None


def _refused(constant: str) -> Any:
    raise ValueError(constant)


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name comes twice")
    return found


def _defect(record: Any) -> str | None:
    """The first thing that keeps a record from being a certificate."""
    if not isinstance(record, dict) or record.get("format") != FORMAT:
        return f"another format; expected {FORMAT!r}"
    names = {"format", *_FIELDS}
    if set(record) != names:
        odd = ", ".join(sorted(set(record) ^ names))[:80]
        return f"{odd} missing or too much; expected {', '.join(sorted(names))}"
    for name, (fits, condition) in _FIELDS.items():
        if not fits(record[name]):
            return f"{name} of another kind; expected {condition}"
    k, centre = record["k"], record["centre"]
    if len(centre) != k or any(len(row) != k for row in centre):
        return f"centre of another shape; expected {k} rows of {k} decimals"
    return None


def _whole(low: int, high: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and low <= value <= high


def _is_decimal(value: Any) -> bool:
    return isinstance(value, str) and bool(_DECIMAL.fullmatch(value))


def _is_bounds(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_decimal, value))


def _is_centre(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(row, list) and all(map(_is_decimal, row)) for row in value
    )


def _is_radius(value: Any) -> bool:
    return isinstance(value, str) and bool(_RADIUS.fullmatch(value))


def _is_versions(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(version, str) and len(version) <= 80 for version in value.values()
    )


_PAIR: Final = (_is_bounds, "a lower and an upper decimal")

_FIELDS: Final[dict[str, tuple[Callable[[Any], bool], str]]] = {
    "k": (_whole(1, LARGEST_K), f"an integer from 1 to {LARGEST_K}"),
    "centre": (_is_centre, "rows of decimals, such as '0.25'"),
    "preconditioner": (lambda value: value == PRECONDITIONER, repr(PRECONDITIONER)),
    "radius": (_is_radius, "a power of ten, such as '1e-40'"),
    "precision": (
        _whole(*PRECISIONS),
        f"an integer from {PRECISIONS[0]} to {PRECISIONS[1]}",
    ),
    "loss": _PAIR,
    "lambda_min": _PAIR,
    "lambda_max": _PAIR,
    "seed": (_whole(0, LARGEST_SEED), "an integer from 0 to 2**64"),
    "versions": (_is_versions, "names with short texts"),
}
