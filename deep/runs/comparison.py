"""Two runs side by side: which number is larger, and whether that means anything.

Multiply the weights into a rectified unit by a > 0 and those out of it by 1/a: the
network is the same function, while eigenvalues, traces, norms of the Hessian and of the
gradient, and volumes with a fixed damping are others (T10). So an ordering of these
between two networks may be turned round without changing what either network does.
"""

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["compare_runs"]

MATRIX = ("operator", "which", "data_sha256", "n_used")
"""What must agree for the numbers to be of the same kind."""

VOLUME = ("damping", "height")
"""The same for log-volumes."""

Record = Mapping[str, Any]
Ends = tuple[float, float, float]


def compare_runs(a: Record, b: Record) -> dict[str, Any]:
    """What both runs have, with the order of each pair and what it is worth.

    Parameters
    ----------
    a, b : mapping
        Records of complete runs.

    Returns
    -------
    dict
        `differences`: settings, name → [of A, of B]. `rows`: each with the quantity, the
        two values between their ends, `order` (<, > or =, the last where the intervals
        meet), and `invariant`, whether a rescaling of the weights leaves it as it is.
        `warnings`: sentences.
    """
    differences = _differences(a, b)
    rows = [
        {
            "quantity": name,
            "a": _as_dict(left),
            "b": _as_dict(right),
            "order": _order(left, right),
            "invariant": invariant,
        }
        for name, left, right, invariant in _pairs(a, b)
    ]
    return {
        "differences": differences,
        "rows": rows,
        "warnings": _warnings(rows, differences, a, b),
    }


def _differences(a: Record, b: Record) -> dict[str, list[Any]]:
    left = {**a["settings"], **_sizes(a)}
    right = {**b["settings"], **_sizes(b)}
    return {
        name: [left.get(name), right.get(name)]
        for name in {**left, **right}
        if left.get(name) != right.get(name)
    }


def _sizes(record: Record) -> dict[str, Any]:
    return {
        name: record["network"].get(name) for name in ("p", "n_used", "data_sha256")
    }


def _pairs(a: Record, b: Record) -> Iterator[tuple[str, Ends, Ends, bool]]:
    """Quantity, its value between its ends in both, and whether rescaling keeps it."""
    for name, key, invariant in (
        ("loss", "loss", True),
        ("accuracy", "accuracy", True),
        ("gradient norm", "gradient_norm", False),
    ):
        yield name, _exactly(a["point"][key]), _exactly(b["point"][key]), invariant
    pairs = zip(a["eigenvalues"], b["eigenvalues"], strict=False)
    for i, (left, right) in enumerate(pairs, start=1):
        yield f"eigenvalue {i}", _bounded(left), _bounded(right), False
    for name, key in (
        ("trace", "trace"),
        ("Frobenius norm", "frobenius_norm"),
        ("log-volume", "log_volume"),
    ):
        if key in a and key in b:
            yield name, _between(a[key]), _between(b[key]), False


def _exactly(value: float) -> Ends:
    return value, value, value


def _bounded(row: Record) -> Ends:
    return row["value"], row["value"] - row["bound"], row["value"] + row["bound"]


def _between(found: Record) -> Ends:
    return found["value"], found["lower"], found["upper"]


def _as_dict(ends: Ends) -> dict[str, float]:
    return dict(zip(("value", "lower", "upper"), ends, strict=True))


def _order(left: Ends, right: Ends) -> str:
    """Which is larger, where the intervals are apart."""
    if left[2] < right[1]:
        return "<"
    return ">" if left[1] > right[2] else "="


def _warnings(
    rows: list[dict[str, Any]],
    differences: Mapping[str, list[Any]],
    a: Record,
    b: Record,
) -> list[str]:
    found = []
    other = [name for name in MATRIX if name in differences]
    if other:
        found.append(
            f"the runs differ in {', '.join(other)}: their numbers are not of the same "
            "matrix, or not of the same part of its spectrum"
        )
    if set(VOLUME) & set(differences) and "log_volume" in {*a, *b}:
        found.append(
            "the runs differ in the damping or the height of their volumes, which do not "
            "compare"
        )
    if "p" in differences:
        found.append(
            "the runs differ in p: traces, norms and volumes grow with the number of "
            "parameters"
        )
    ordered = [
        row["quantity"] for row in rows if row["order"] != "=" and not row["invariant"]
    ]
    if ordered:
        found.append(
            f"the order of {_listed(ordered)} is not invariant under rescaling: weights "
            "into rectified units times a and weights out of them divided by a leave the "
            "network the same function and change these numbers (T10)"
        )
    for name, record in (("A", a), ("B", b)):
        late = sum(not row["converged"] for row in record["eigenvalues"])
        if late:
            found.append(
                f"{late} eigenvalues of {name} are not converged: their bounds hold, but "
                "they may not be the outermost ones"
            )
    return found


def _listed(names: list[str]) -> str:
    """Names with the eigenvalues taken together."""
    eigenvalues = [name for name in names if name.startswith("eigenvalue ")]
    rest = [name for name in names if name not in eigenvalues]
    if not eigenvalues:
        return ", ".join(rest)
    many = f"{len(eigenvalues)} eigenvalues" if len(eigenvalues) > 1 else eigenvalues[0]
    return ", ".join([many, *rest])
