"""Which eigenvalues are wanted: the ends of the spectrum, named as in SciPy's eigsh."""

import torch

from ...errors import InputError

__all__ = ["WHICH", "check_which", "outranks", "wanted"]

WHICH = {
    "LA": "the largest",
    "SA": "the smallest",
    "LM": "the largest in magnitude",
    "BE": "half from each end, one more from the upper end if k is odd",
}
"""Names and meanings."""


def check_which(which: str) -> None:
    """Refuse another name.

    Raises
    ------
    InputError
        If `which` is none of LA, SA, LM, BE.
    """
    if which not in WHICH:
        raise InputError(f"which is {which!r}; expected one of {', '.join(WHICH)}")


def wanted(values: torch.Tensor, k: int, which: str) -> torch.Tensor:
    """Indices of the k wanted values, in the order in which they are given.

    That order is descending for LA and BE, ascending for SA, and descending in magnitude
    for LM: the outermost first.

    Parameters
    ----------
    values : (j,) float64
        In descending order, j >= k.
    k : int
        How many.
    which : {"LA", "SA", "LM", "BE"}
        Which ones.

    Returns
    -------
    (k,) int64
        Indices into `values`.
    """
    places = torch.arange(len(values))
    if which == "LA":
        return places[:k]
    if which == "SA":
        return places.flip(0)[:k]
    if which == "LM":
        return torch.argsort(values.abs(), descending=True, stable=True)[:k]
    upper, lower = k - k // 2, k // 2
    return torch.cat([places[:upper], places[len(values) - lower :]])


def outranks(
    others: torch.Tensor, reach: torch.Tensor, chosen: torch.Tensor, which: str
) -> torch.Tensor:
    """Which other values, moved outwards by `reach`, lie beyond a chosen one.

    Parameters
    ----------
    others, reach : (l,) float64
        Values, and how far each may be from an eigenvalue.
    chosen : (k,) float64
        The wanted values, in the order of `wanted`.
    which : {"LA", "SA", "LM", "BE"}
        Which ones are wanted.

    Returns
    -------
    (l,) bool
        Whether the value could belong among the chosen ones.
    """
    if which == "LA":
        return others + reach > chosen.min()
    if which == "SA":
        return others - reach < chosen.max()
    if which == "LM":
        return others.abs() + reach > chosen.abs().min()
    upper, lower = len(chosen) - len(chosen) // 2, len(chosen) // 2
    beyond = others + reach > chosen[:upper].min()
    if lower:
        beyond = beyond | (others - reach < chosen[upper:].max())
    return beyond
