"""Closed forms as text: for the terminal, in LaTeX, and as NumPy or torch source."""

import re
from collections.abc import Iterable, Mapping
from itertools import dropwhile
from math import prod
from typing import Final

from ..errors import InputError
from .blocks import order
from .equations import equations
from .gradient import BLOCKS
from .source import sources
from .two_layer import TwoLayerNet

__all__ = ["FORMATS", "QUANTITIES", "render"]

FORMATS: Final = ("pretty", "latex", "numpy", "torch")

QUANTITIES: Final[Mapping[str, str]] = {
    "gradient": "gradient",
    "hessian": "hessian",
    "ggn": "gauss_newton",
    "residual-hessian": "residual_hessian",
    "ntk-gram": "ntk_gram",
    "fisher": "fisher",
    "input-jacobian": "input_jacobian",
}
"""What can be derived: the command's word, and the noun of `TwoLayerNet`."""

_SIZES: Final = {"n": "i", "d": "j", "m": "k", "C": "c"}
_LARGEST: Final = 20
_MOST_PRODUCTS: Final = 10_000
"""Products of factors that are written out: ten or twenty seconds, half a megabyte."""

# how a row that defines σ, z, f, N, p, r or S starts in LaTeX, and no other row does
_DEFINITION: Final = re.compile(r"  (?:\\sigma|[zfNprS]_)")


def render(
    net: TwoLayerNet,
    quantity: str,
    *,
    block: str | None = None,
    size: Mapping[str, int] | None = None,
    format: str = "pretty",  # noqa: A002 - the command's own word
    definitions: bool = True,
) -> str:
    """A closed form as text.

    Parameters
    ----------
    net : TwoLayerNet
        The network and its loss.
    quantity : str
        A key of `QUANTITIES`.
    block : str, optional
        "W,b" for a matrix over the parameters, "W" for the gradient. By default every
        block, of a symmetric matrix those on and above the diagonal: ten.
    size : mapping, optional
        Any of n, d, m and C, each at most 20. Sums over a given size are written out
        and its indices take their values; sizes not given stay symbolic. Source code
        needs d, m and C (C = 1 if neither given nor known), and works for any n. At
        most 10,000 products are written out.
    format : {"pretty", "latex", "numpy", "torch"}
        How to write it. The source defines one function a block, which takes the
        arrays X (n, d), W (m, d), b (m,), A (C, m), c (C,), and Y where targets matter:
        (n, C) floats (squared), (n,) zeros and ones (logistic) or labels (softmax). It
        imports NumPy, and SciPy where needed, or torch alone.
    definitions : bool
        Whether equations come with a title and with what z, f, r, S and the like stand
        for. Source code is whole in any case.

    Returns
    -------
    str
        Without a line break at the end.

    Raises
    ------
    InputError
        If a word is unknown, or block, size or format does not fit the rest, or too
        much would be written out.
    """
    if quantity not in QUANTITIES:
        raise InputError(
            f"quantity is {quantity!r}; expected one of {', '.join(QUANTITIES)}"
        )
    if format not in FORMATS:
        raise InputError(f"format is {format!r}; expected one of {', '.join(FORMATS)}")
    blocks = _blocks(quantity, block)
    sizes = _sizes(size)
    if "c" in sizes:
        if net.outputs not in (None, sizes["c"]):
            raise InputError(
                f"size C is {sizes['c']}; expected {net.outputs}, which the network has"
            )
        net = TwoLayerNet(net.activation, net.loss, sizes["c"])
    elif net.outputs is not None and sizes:
        if net.outputs > _LARGEST:
            raise InputError(
                f"outputs is {net.outputs}; expected at most {_LARGEST} with a size: "
                "each output is then written out, and none without a size"
            )
        sizes["c"] = net.outputs
    name = QUANTITIES[quantity]
    if format in ("pretty", "latex"):
        _check_products(net, name, blocks, sizes)
        text = equations(net, name, blocks, sizes, format)
        return text if definitions else _alone(text, len(blocks), format)
    return _code(net, name, blocks, sizes, format)


def _alone(text: str, blocks: int, style: str) -> str:
    """Equations without the title and the definitions that precede them."""
    if style == "pretty":
        return "\n\n".join(text.split("\n\n")[-blocks:])
    head, *rows = text.split("\n")
    return "\n".join([head, *dropwhile(_DEFINITION.match, rows)])


def _code(
    net: TwoLayerNet,
    name: str,
    blocks: list[tuple[str, ...]],
    sizes: dict[str, int],
    module: str,
) -> str:
    if net.is_undefined:
        raise InputError(
            f"format is {module!r} with an undefined activation; expected a definite "
            "one: name it, as in --activation tanh"
        )
    if sizes:
        missing = [word for word in ("d", "m") if _SIZES[word] not in sizes]
        if missing:
            raise InputError(
                f"size lacks {' and '.join(missing)}; expected d and m for {module}: "
                "give both, or no size at all for source that fits any"
            )
        if "c" not in sizes:
            net = TwoLayerNet(net.activation, net.loss, 1)
            sizes = sizes | {"c": 1}
        # source code takes any number of samples, and names none of them
        entries = {kind: number for kind, number in sizes.items() if kind != "i"}
        _check_products(net, name, blocks, entries)
    return sources(net, name, blocks, sizes, module)


def _check_products(
    net: TwoLayerNet,
    name: str,
    blocks: list[tuple[str, ...]],
    sizes: Mapping[str, int],
) -> None:
    """Entries times terms times what each sums over, where sizes are given."""
    if not sizes:
        return
    total = 0
    for block in blocks:
        rows, columns = _free(name, block)
        height, width = _length(rows, sizes), _length(columns, sizes)
        # of a symmetric block no entry is written twice
        symmetric = len(set(block)) < len(block)
        entries = height * (height + 1) // 2 if symmetric else height * width
        terms = net.terms(name, *block)
        total += entries * sum(_length(term.bound, sizes) for term in terms)
    if total > _MOST_PRODUCTS:
        words = (word for word, kind in _SIZES.items() if kind in sizes)
        given = ", ".join(f"{word} = {sizes[_SIZES[word]]}" for word in words)
        raise InputError(
            f"size is {given}, which writes {total} products out; expected at most "
            f"{_MOST_PRODUCTS}: name one block, give fewer or smaller sizes, or use "
            "--format numpy with no size at all for source that fits any"
        )


def _free(name: str, block: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Free indices of the rows and of the columns."""
    if name == "ntk_gram":
        return ("i", "c"), ("i'", "c'")
    if name == "input_jacobian":
        return ("i", "c"), ("j",)
    rows, *rest = (order(one) for one in block)
    return rows, rest[0] if rest else ()


def _length(indices: Iterable[str], sizes: Mapping[str, int]) -> int:
    """How many values some indices take together, those of unknown size one."""
    return prod(sizes.get(name[0], 1) for name in indices)


def _blocks(quantity: str, block: str | None) -> list[tuple[str, ...]]:
    wanted = {"gradient": 1, "ntk-gram": 0, "input-jacobian": 0}.get(quantity, 2)
    if block is None:
        every: dict[int, list[tuple[str, ...]]] = {
            0: [()],
            1: [(name,) for name in BLOCKS],
            2: [
                (rows, columns)
                for place, rows in enumerate(BLOCKS)
                for columns in BLOCKS[place:]
            ],
        }
        return every[wanted]
    if wanted == 0:
        raise InputError(f"block is {block!r}; expected none: {quantity} has no blocks")
    names = tuple(part.strip() for part in block.split(","))
    if len(names) != wanted or any(name not in BLOCKS for name in names):
        condition = "one of W, b, A, c" if wanted == 1 else "two of W, b, A, c"
        example = "W" if wanted == 1 else "W,b"
        raise InputError(f"block is {block!r}; expected {condition}, such as {example}")
    return [names]


def _sizes(size: Mapping[str, int] | None) -> dict[str, int]:
    sizes = {}
    for name, value in (size or {}).items():
        if name not in _SIZES:
            raise InputError(f"size is {name!r}; expected one of n, d, m, C")
        if type(value) is not int or not 1 <= value <= _LARGEST:
            raise InputError(
                f"size {name} is {value!r}; expected an integer from 1 to {_LARGEST}"
            )
        sizes[_SIZES[name]] = value
    return sizes
