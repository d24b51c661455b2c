"""Pieces of the tests that `replay` writes: each a short function with its needs.

They share nothing with the code that judged: every formula is written once more from its
definition. Numbers are `fmpq` as long as they are rational, and balls from there on.
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, TypeAlias

__all__ = ["BLOCKS", "Block", "block", "with_needs"]

Block: TypeAlias = tuple[str, tuple[str, ...]]
"""Text of a piece, and the names of what it needs."""


def block(text: str, *needs: str) -> Block:
    """A piece of text with the names of what it needs."""
    return text.strip("\n"), needs


BLOCKS: Final[Mapping[str, Block]] = MappingProxyType(
    {
        "separated": block("""
def separated(left, right):
    return left < right or left > right
"""),
        "settled": block('''
def settled(value):
    """A ball without a radius, such as tanh(0), as the rational that it is."""
    return value.fmpq() if isinstance(value, arb) and value.is_exact() else value
'''),
        "flat": block("""
def flat(values):
    for value in values:
        yield from flat(value) if isinstance(value, list) else [value]
"""),
        "added": block("""
def added(u, v):
    if isinstance(u, list):
        return [added(a, b) for a, b in zip(u, v, strict=True)]
    return u + v
"""),
        "scaled": block("""
def scaled(number, u):
    return [scaled(number, a) for a in u] if isinstance(u, list) else number * u
"""),
        "transposed": block("""
def transposed(M):
    return [list(column) for column in zip(*M, strict=True)]
"""),
        "dot": block("""
def dot(u, v):
    return sum((a * b for a, b in zip(u, v, strict=True)), Q(0))
"""),
        "matvec": block(
            """
def matvec(M, v):
    return [dot(row, v) for row in M]
""",
            "dot",
        ),
        "matmul": block(
            """
def matmul(M, N):
    return [[dot(row, column) for column in zip(*N, strict=True)] for row in M]
""",
            "dot",
        ),
        "inner": block(
            """
def inner(u, v):
    return dot(list(flat(u)), list(flat(v)))
""",
            "dot",
            "flat",
        ),
        "root": block("""
def root(x):
    return arb(x).nonnegative_part().sqrt()
"""),
        "norm": block(
            """
def norm(v):
    return root(dot(v, v))
""",
            "root",
            "dot",
        ),
        "norm1": block("""
def norm1(v):
    return sum((abs(a) for a in v), Q(0))
"""),
        "fro": block(
            """
def fro(M):
    return root(inner(M, M))
""",
            "root",
            "inner",
        ),
        "tr": block("""
def tr(M):
    return sum((M[i][i] for i in range(len(M))), Q(0))
"""),
        "mean": block(
            """
def mean(values):
    entries = list(flat(values))
    return sum(entries, Q(0)) / len(entries)
""",
            "flat",
        ),
        "absolute": block("""
def absolute(u):
    return [absolute(a) for a in u] if isinstance(u, list) else abs(u)
"""),
        "greatest": block(
            """
def greatest(values):
    entries = list(flat(values))
    if all(isinstance(a, Q) for a in entries):
        return max(entries)
    most = arb(entries[0])
    for a in entries[1:]:
        most = most.max(arb(a))
    return most
""",
            "flat",
        ),
        "least": block(
            """
def least(values):
    return -greatest([-a for a in flat(values)])
""",
            "greatest",
        ),
        "power": block("""
def power(x, exponent):
    if exponent.q != 1:
        return arb(x) ** arb(exponent)
    product = Q(1)
    for _ in range(abs(int(exponent))):
        product = product * x
    return product if exponent >= 0 else 1 / product
"""),
        "log": block("""
def log(x):
    return arb(x).log()
"""),
        "exp": block("""
def exp(x):
    return arb(x).exp()
"""),
    }
)
"""Everything but spectra, which are in `replay_spectra`, and networks."""


def with_needs(wanted: Iterable[str], blocks: Mapping[str, Block]) -> list[str]:
    """The wanted blocks and all that they need, in the order of `blocks`."""
    found: set[str] = set()
    open_names = list(wanted)
    while open_names:
        name = open_names.pop()
        if name not in found:
            found.add(name)
            open_names += blocks[name][1]
    return [text for name, (text, _) in blocks.items() if name in found]
