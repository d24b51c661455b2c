"""The sizes that a conjecture is tried at: the smallest first, each often enough."""

from collections.abc import Callable, Collection, Iterator, Mapping
from itertools import product

from ..forward import parameter_count
from ..sampling import Shape

__all__ = ["shapes_for", "sizes_of", "smaller_shapes"]

USUAL = (
    (1, 1, 1), (2, 1, 1), (1, 2, 1), (1, 1, 2), (2, 1, 2), (2, 2, 1), (1, 2, 2),
    (2, 1, 3), (3, 2, 1), (2, 3, 1), (3, 1, 2), (2, 2, 2), (5, 2, 2), (4, 3, 2),
    (2, 3, 4), (3, 4, 2), (6, 1, 2), (1, 4, 3), (4, 1, 1), (8, 2, 3), (7, 3, 5),
    (3, 1, 1), (6, 1, 1), (8, 2, 2),
)  # fmt: skip
"""(n, d, m)."""

SIZES = (*range(1, 9), 10, 12, 16, 24, 32, 48)
"""Of n, d and m, where none of the usual shapes meets what is assumed of sizes."""

MOST_PARAMETERS = 160
"""So that the referee's spectra take seconds."""

FEW = 12

SMALL = 8
"""Sum of sizes up to which all shapes are looked at for a smaller counterexample."""


def sizes_of(shape: Shape) -> Mapping[str, int]:
    """n, d, m, C and p by name."""
    return {
        "n": shape.n,
        "d": shape.d,
        "m": shape.m,
        "C": shape.C,
        "p": parameter_count(inputs=shape.d, width=shape.m, outputs=shape.C),
    }


def shapes_for(
    outputs: int, allowed: Callable[[Mapping[str, int]], bool]
) -> tuple[Shape, ...]:
    """Shapes with so many outputs that the assumptions on sizes allow; maybe none.

    Parameters
    ----------
    outputs : int
        C.
    allowed : callable
        Whether sizes are.
    """
    usual = [Shape(n=n, d=d, m=m, C=outputs) for n, d, m in USUAL]
    met = [shape for shape in usual if allowed(sizes_of(shape))]
    if met:
        return tuple(met)
    every = (shape for shape in _every(outputs) if allowed(sizes_of(shape)))
    return tuple(shape for shape, _ in zip(every, range(FEW), strict=False))


def smaller_shapes(
    below: Shape, outputs: Collection[int], allowed: Callable[[Mapping[str, int]], bool]
) -> list[Shape]:
    """Smaller shapes, the smallest first.

    Those none of whose sizes is larger, and all others whose sizes add up to no more and
    to `SMALL` at most.

    Parameters
    ----------
    below : Shape
        The largest sizes.
    outputs : collection of int
        The numbers of outputs to choose from.
    allowed : callable
        Whether sizes are.
    """
    ranges = (range(1, size + 1) for size in (below.n, below.d, below.m))
    inside = product(*ranges, (C for C in outputs if C <= below.C))
    small = (
        sizes for sizes in product(range(1, SMALL), repeat=4) if sum(sizes) <= SMALL
    )
    every = {*inside, *(sizes for sizes in small if sizes[3] in outputs)}
    found = [Shape(n=n, d=d, m=m, C=C) for n, d, m, C in every]
    smaller = (shape for shape in found if weight(shape) < weight(below))
    return sorted(
        (shape for shape in smaller if allowed(sizes_of(shape))), key=_weight_in_order
    )


def weight(shape: Shape) -> tuple[int, int, int]:
    """How large, for comparing: the sum of the sizes, then parameters, then samples."""
    total = shape.n + shape.d + shape.m + shape.C
    return total, sizes_of(shape)["p"], shape.n


def _weight_in_order(shape: Shape) -> tuple[int, ...]:
    """Weight, and the sizes themselves where that is equal."""
    return (*weight(shape), shape.d, shape.m)


def _every(outputs: int) -> Iterator[Shape]:
    found = [Shape(n=n, d=d, m=m, C=outputs) for n, d, m in product(SIZES, repeat=3)]
    small = (shape for shape in found if sizes_of(shape)["p"] <= MOST_PARAMETERS)
    yield from sorted(small, key=weight)
