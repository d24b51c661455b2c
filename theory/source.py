"""Closed forms as NumPy or torch source: one function a block.

For any size a term is one einsum; for a given size every entry is written out, with
common subexpressions taken out, for all samples at once. Values of σ, r and S come from
the definitions of `activations` and `losses` that stay finite in float64.
"""

from collections.abc import Mapping
from itertools import count
from string import ascii_lowercase
from typing import Final

from sympy import Add, Expr, Mul, Symbol, cse

from . import symbols
from .array_code import ArrayCode
from .blocks import order
from .gradient import BLOCKS
from .indexed import Term, substituted
from .losses import NORMALISER, SHIFT
from .sized import enumerated, with_sizes
from .symbols import OUTPUT, PREACTIVATION, TARGET
from .two_layer import TwoLayerNet

__all__ = ["sources"]

_TARGETS: Final = ("gradient", "hessian", "residual_hessian")
_WITHOUT_LOSS: Final = ("ntk_gram", "input_jacobian")
_LENGTHS: Final = {"i": "n", "j": "d", "k": "m", "c": "C"}
_ARRAYS: Final = {"x": "X", "W": "W", "b": "b", "A": "A", "c": "c"}
_INDENT: Final = "    "


def sources(
    net: TwoLayerNet,
    name: str,
    blocks: list[tuple[str, ...]],
    sizes: Mapping[str, int],
    module: str,
) -> str:
    """Imports, and one function a block.

    Parameters
    ----------
    net : TwoLayerNet
        The network; its activation is defined.
    name : str
        A noun of the network.
    blocks : list of tuple of str
        Which blocks; [()] for what has none.
    sizes : mapping
        Kind of an index → its size: none, or those of j, k and c (i if need be).
    module : {"numpy", "torch"}
        What the source computes with.
    """
    code = ArrayCode(module)
    functions = [_Function(net, name, block, sizes, code).text() for block in blocks]
    return "\n\n\n".join([code.imports(), *functions])


class _Function:
    """One function: its head, the forward pass it needs, and what it returns."""

    def __init__(
        self,
        net: TwoLayerNet,
        name: str,
        blocks: tuple[str, ...],
        sizes: Mapping[str, int],
        code: ArrayCode,
    ) -> None:
        self.net, self.name, self.blocks, self.sizes = net, name, blocks, sizes
        self.code = code
        self.rows, self.columns = self._free()
        terms = net.terms(name, *blocks)
        self.terms = terms if not sizes else with_sizes(terms, _without_samples(sizes))
        self.used = {atom.name for term in terms for atom in term.atoms}

    def _free(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if self.name == "ntk_gram":
            return ("i", "c"), ("i'", "c'")
        if self.name == "input_jacobian":
            return ("i", "c"), ("j",)
        rows, *rest = (order(block) for block in self.blocks)
        return rows, tuple(f"{name}'" for names in rest for name in names)

    def text(self) -> str:
        arguments = ["X", *BLOCKS] + (["Y"] if self.name in _TARGETS else [])
        title = "_".join((self.name, *self.blocks))
        lines = [f"def {title}({', '.join(arguments)}):", *self._docstring()]
        body = ["n, d = X.shape", "C, m = A.shape", *self._check(), *self._forward()]
        body += self._written_out() if self.sizes else self._einsums()
        lines += [_INDENT + line for line in self.code.guarded(body)]
        return "\n".join(lines)

    def _docstring(self) -> list[str]:
        shapes = {"ntk_gram": "(n C, n C)", "input_jacobian": "(n, C, d)"}
        lengths = {"W": "m d", "b": "m", "A": "m C", "c": "C"}
        shape = shapes.get(
            self.name,
            f"({', '.join(lengths[block] for block in self.blocks)}"
            + (",)" if len(self.blocks) == 1 else ")"),
        )
        what = self.name.replace("_", " ").replace("ntk gram", "NTK Gram matrix")
        where = f", block {', '.join(self.blocks)}" if self.blocks else ""
        loss = "" if self.name in _WITHOUT_LOSS else f", mean {self.net.loss.name} loss"
        name = self.net.activation.name
        # a name is free text, and this is source code
        activation = name if name.isidentifier() else "custom"
        return [f'{_INDENT}"""{what}{where}: {activation}{loss}; {shape}."""']

    def _check(self) -> list[str]:
        """The sizes that the source was written for are asked for."""
        if not self.sizes:
            return []
        given = [kind for kind in _LENGTHS if kind in self.sizes]
        names = ", ".join(_LENGTHS[kind] for kind in given)
        numbers = ", ".join(str(self.sizes[kind]) for kind in given)
        return [
            f"if ({names}) != ({numbers}):",
            f'{_INDENT}raise ValueError("expected ({names}) = ({numbers})")',
        ]

    # The forward pass

    def _forward(self) -> list[str]:
        lines = []
        needs_output = bool(self.used & {"r", "S", "p"})
        orders = {int(name[1]) for name in self.used if name in ("s0", "s1", "s2")}
        if needs_output:
            orders.add(0)
        if orders:
            lines.append("z = X @ W.T + b")
        if orders - {0}:
            # a derivative at a kink is refused, not guessed
            for kink in self.net.activation.kinks:
                lines.append(f"if (z == {self.code.plain(kink)}).any():")
                lines.append(f'{_INDENT}raise ValueError("a unit is at a kink")')
        for derivatives in sorted(orders):
            value = self.net.activation.derivative(derivatives)
            text = self.code.array(value, {PREACTIVATION: "z"}, like="z")
            lines.append(f"s{derivatives} = {text}")
        return lines + (self._loss() if needs_output else [])

    def _loss(self) -> list[str]:
        """f, and what is needed of M, N, r, p and S."""
        loss, code = self.net.loss, self.code
        curvature, slope = loss.output_hessian_outer
        needed = [loss.residual] if self.used & {"r", "p"} else []
        if "S" in self.used:
            needed += [curvature, slope, loss.output_hessian_diagonal]
        met = set().union(*(expression.free_symbols for expression in needed))
        lines = ["f = s0 @ A.T + c"]
        if met & {NORMALISER, SHIFT}:
            lines.append(f"M = {code.largest('f')}")
        if NORMALISER in met:
            lines.append(f"N = {code.total(self._scalar(loss.inner))}")
        if "r" in self.used:
            lines.append(f"t = {code.targets(loss.targets)}")
            lines.append(f"r = {self._scalar(loss.residual)}")
        if "p" in self.used:
            lines.append(f"p = {self._scalar(loss.residual + TARGET)}")
        return lines + (self._output_hessian() if "S" in self.used else [])

    def _output_hessian(self) -> list[str]:
        """S as a diagonal, and what has rank one."""
        curvature, slope = self.net.loss.output_hessian_outer
        own = self._scalar(self.net.loss.output_hessian_diagonal)
        lines = [f"S = ({own})[:, :, None] * {self.code.eye('C')}"]
        if curvature != 0:
            outer = self._scalar(curvature)
            lines.append(f"u = {self._scalar(slope)}")
            lines.append(f"S = S + ({outer} * u)[:, :, None] * u[:, None, :]")
        return lines

    def _scalar(self, expression: Expr) -> str:
        names = {OUTPUT: "f", TARGET: "t", NORMALISER: "N", SHIFT: "M"}
        return self.code.array(expression, names, like="f")

    # Any size

    def _einsums(self) -> list[str]:
        free = self.rows + self.columns
        lines = []
        for place, term in enumerate(self.terms):
            sign = "" if place == 0 else "value + "
            lines.append(f"value = {sign}{self._einsum(term, free)}")
        if not lines:
            lengths = ", ".join(_LENGTHS[name[0]] for name in free)
            lines = [f"value = {self.code.zeros(f'({lengths},)')}"]
        return [*lines, f"return value.reshape({self._shape()})"]

    def _shape(self) -> str:
        if self.name == "input_jacobian":
            return "(n, C, d)"
        parts = [
            " * ".join(_LENGTHS[name[0]] for name in names)
            for names in (self.rows, self.columns)
            if names
        ]
        return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"

    def _einsum(self, term: Term, free: tuple[str, ...]) -> str:
        pool = iter(ascii_lowercase)
        letters: dict[str, str] = {}
        operands, scripts = [], []
        for atom in term.atoms:
            for name in atom.indices:
                letters.setdefault(name, next(pool))
            length = _LENGTHS[atom.indices[0][0]]
            array = _ARRAYS.get(atom.name, atom.name)
            operands.append(self.code.eye(length) if atom.name == "delta" else array)
            scripts.append("".join(letters[name] for name in atom.indices))
        for name in free:
            if name not in letters:
                # an entry that does not depend on one of its indices
                letters[name] = next(pool)
                operands.append(self.code.ones(_LENGTHS[name[0]]))
                scripts.append(letters[name])
        target = "".join(letters[name] for name in free)
        call = self.code.einsum(f"{','.join(scripts)}->{target}", operands)
        return _scaled(term.coefficient, call, self.code)

    # A given size

    def _written_out(self) -> list[str]:
        """Entries as functions of what belongs to one sample, averaged at the end."""
        paired = self.name == "ntk_gram"
        per_sample = paired or self.name == "input_jacobian"
        rows, columns = (
            tuple(name for name in names if name[0] != "i")
            for names in (self.rows, self.columns)
        )
        scalars = _Scalars(paired=paired)
        sizes = _without_samples(self.sizes)
        entries = [
            scalars.entry(
                substituted(self.terms, left | right), averaged=not per_sample
            )
            for left in enumerated(rows, sizes)
            for right in enumerated(columns, sizes)
        ]
        names = (Symbol(f"v{number}") for number in count())
        shared, reduced = cse(entries, symbols=names)
        lines = [f"{symbol} = {text}" for symbol, text in scalars.assignments()]
        lines += [f"{symbol} = {self.code.plain(value)}" for symbol, value in shared]
        like = "X[:, :1] * X[:, 0]" if paired else "X[:, 0]"
        lines += ["one = " + self.code.ones_like(like), "entries = ["]
        lines += [f"{_INDENT}one * ({self.code.plain(entry)})," for entry in reduced]
        lines.append("]")
        stacked = self.code.stack("entries")
        if paired:
            swapped = self.code.permute(f"{stacked}.reshape(C, C, n, n)", (2, 0, 3, 1))
            return [*lines, f"return {swapped}.reshape(n * C, n * C)"]
        if per_sample:
            return [*lines, f"return {stacked}.T.reshape(n, C, d)"]
        return [*lines, f"return {self.code.mean(stacked)}.reshape({self._shape()})"]


class _Scalars:
    """What entries are made of, as symbols with the array expression of each."""

    def __init__(self, *, paired: bool) -> None:
        self._paired = paired
        self._known: dict[str, str] = {}

    def entry(self, terms: list[Term], *, averaged: bool) -> Expr:
        """An entry as a SymPy expression, without the mean over samples."""
        parts = []
        for term in terms:
            factors = [self._scalar(atom.name, atom.indices) for atom in term.atoms]
            coefficient = term.coefficient
            if averaged and term.bound:
                # (1/n) Σ_i is the mean taken at the end
                coefficient *= symbols.n
            parts.append(Mul(coefficient, *factors))
        return Add(*parts)

    def _scalar(self, name: str, indices: tuple[str, ...]) -> Symbol:
        samples = [index for index in indices if index[0] == "i"]
        numbers = [index for index in indices if index[0] != "i"]
        other = bool(samples) and samples[0].endswith("'")
        symbol = "_".join([name + ("_other" if other else ""), *numbers])
        places = [str(int(number) - 1) for number in numbers]
        if samples and self._paired:
            places.insert(0, "None, :" if other else ":, None")
        elif samples:
            places.insert(0, ":")
        self._known[symbol] = f"{_ARRAYS.get(name, name)}[{', '.join(places)}]"
        return Symbol(symbol, real=True)

    def assignments(self) -> list[tuple[str, str]]:
        """(symbol, array expression), sorted."""
        return sorted(self._known.items())


def _scaled(coefficient: Expr, call: str, code: ArrayCode) -> str:
    if coefficient == 1:
        return call
    return f"{code.plain(coefficient)} * {call}"


def _without_samples(sizes: Mapping[str, int]) -> dict[str, int]:
    return {kind: size for kind, size in sizes.items() if kind != "i"}
