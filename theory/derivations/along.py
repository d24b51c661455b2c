"""Matrices over θ applied to directions, in index notation."""

from collections.abc import Callable, Mapping

from ..gradient import BLOCKS, INDICES, column, row
from ..indexed import Atom, Term, collected, one, product, substituted, summed

__all__ = ["PAIRS", "Direction", "Matrix", "applied", "direction", "paired", "trace"]

PAIRS = [(rows, columns) for rows in BLOCKS for columns in BLOCKS]
"""All blocks of a matrix over θ."""

Matrix = Callable[[str, str], list[Term]]
"""From the names of rows and columns to an entry of that block."""

Direction = Mapping[str, Callable[[Atom], list[Term]]]
"""For each parameter, from one of its entries to that entry of a vector."""


def direction(name: str) -> Direction:
    """Any vector: its entries are atoms such as vW_kj, vb_k, vA_ck and vc_c."""

    def entries(block: str) -> Callable[[Atom], list[Term]]:
        return lambda at: [one(Atom(f"{name}{block}", at.indices))]

    return {block: entries(block) for block in BLOCKS}


def applied(matrix: Matrix, rows: str, v: Direction) -> list[Term]:
    """(M v) at the rows of one parameter, M given block by block."""
    total: list[Term] = []
    for block in BLOCKS:
        at = column(block)
        total += summed(product(matrix(rows, block), v[block](at)), *at.indices)
    return collected(total)


def paired(vector: Callable[[str], list[Term]], v: Direction) -> list[Term]:
    """u·v, u given parameter by parameter."""
    total: list[Term] = []
    for block in BLOCKS:
        at = row(block)
        total += summed(product(vector(block), v[block](at)), *at.indices)
    return collected(total)


def trace(matrix: Matrix) -> list[Term]:
    """tr M."""
    total: list[Term] = []
    for block in BLOCKS:
        back = {f"{index}'": index for index in INDICES[block]}
        total += summed(substituted(matrix(block, block), back), *INDICES[block])
    return collected(total)
