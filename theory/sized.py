"""Sums of products with some of the sizes given: those sums written out."""

from collections.abc import Mapping
from itertools import product as cartesian

from .indexed import SIZES, Term, substituted

__all__ = ["enumerated", "with_sizes"]


def with_sizes(terms: list[Term], sizes: Mapping[str, int]) -> list[Term]:
    """Sums over indices of known size written out; the others stay.

    Parameters
    ----------
    terms : list of Term
        What to write out.
    sizes : mapping
        Kind of an index (i, j, k, c) → its size.
    """
    values = {SIZES[kind]: size for kind, size in sizes.items()}
    result = []
    for term in terms:
        known = [index for index in term.bound if index[0] in sizes]
        left = tuple(index for index in term.bound if index[0] not in sizes)
        plain = Term(term.coefficient.subs(values), term.atoms, left)
        ranges = [range(1, sizes[index[0]] + 1) for index in known]
        for numbers in cartesian(*ranges):
            names = dict(zip(known, map(str, numbers), strict=True))
            result.append(plain.renamed(names))
    return [
        Term(term.coefficient.subs(values), term.atoms, term.bound)
        for term in substituted(result, {})
    ]


def enumerated(
    indices: tuple[str, ...], sizes: Mapping[str, int]
) -> list[dict[str, str]]:
    """Every value of free indices, the first slowest; those of unknown size stay.

    Returns
    -------
    list of dict
        Index → numeral, or the index itself.
    """
    ranges = [
        [str(number) for number in range(1, sizes[index[0]] + 1)]
        if index[0] in sizes
        else [index]
        for index in indices
    ]
    return [dict(zip(indices, values, strict=True)) for values in cartesian(*ranges)]
