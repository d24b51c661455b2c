"""Good units for given signs in any dimension: lower bounds of suprema, exactly."""

from itertools import product

from flint import arb, fmpq

__all__ = ["chosen_complexity"]

STEPS = 3
"""Steps uphill from every start; a step to the gradient never leaves the unit ball."""

Unit = list[fmpq]


def chosen_complexity(inputs: list[Unit], plus: fmpq, minus: fmpq) -> arb:
    """E |(1/n) Σ ε_i σ(u_ε·x_i)|/‖u_ε‖ for units u_ε that are chosen for the signs.

    Whatever they are, this is at most the Rademacher complexity of the unit ball.

    Parameters
    ----------
    inputs : n vectors of one length
        x_i.
    plus, minus : fmpq
        σ(z) = plus max(z, 0) + minus min(z, 0).
    """
    n = len(inputs)
    # -ε has the same modulus as ε
    half = list(product((1, -1), repeat=n))[: 2 ** (n - 1)]
    total = arb(0)
    for signs in half:
        total = total + arb(_best(inputs, signs, plus, minus)).sqrt()
    return total / (n * len(half))


def _best(inputs: list[Unit], signs: tuple[int, ...], plus: fmpq, minus: fmpq) -> fmpq:
    """The largest (Σ ε_i σ(u·x_i))²/‖u‖² met on the way uphill from several starts."""
    best = fmpq(0)
    sums = _combined([fmpq(one) for one in signs], inputs)
    for start in (sums, *inputs):
        for turn in (1, -1):
            u = [turn * one for one in start]
            for _ in range(STEPS):
                square = _dot(u, u)
                if square == 0:
                    break
                weights = [
                    sign * (plus if _dot(u, x) > 0 else minus)
                    for sign, x in zip(signs, inputs, strict=True)
                ]
                slope = _combined(weights, inputs)
                value = _dot(u, slope)
                best = max(best, value * value / square)
                u = slope if value >= 0 else [-one for one in slope]
    return best


def _combined(weights: list[fmpq], vectors: list[Unit]) -> Unit:
    size = range(len(vectors[0]))
    return [
        sum((w * v[j] for w, v in zip(weights, vectors, strict=True)), fmpq(0))
        for j in size
    ]


def _dot(a: Unit, b: Unit) -> fmpq:
    return sum((x * y for x, y in zip(a, b, strict=True)), fmpq(0))
