"""Closed forms as equations, with the definitions of what they name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sympy import (
    And,
    Expr,
    Indexed,
    Piecewise,
    StrictGreaterThan,
    StrictLessThan,
    Sum,
)

from . import symbols
from .blocks import order
from .definitions import index, quantity
from .gradient import INDICES, output, preactivation
from .indexed import Term, collected, substituted
from .notation import LatexNotation, LineNotation, ordered_terms
from .sigma import Sigma, sigma
from .sized import enumerated, with_sizes
from .symbols import PREACTIVATION
from .two_layer import TwoLayerNet

__all__ = ["equations"]

WIDTH: Final = 96

_SYMBOLS: Final = {
    "gauss_newton": ("G", "G"),
    "residual_hessian": ("F", "F"),
    "fisher": ("Fisher", r"\mathrm{Fisher}"),
    "ntk_gram": ("K", "K"),
}
_TITLES: Final = {
    "gradient": "gradient ∇L",
    "hessian": "Hessian H = ∇²L",
    "gauss_newton": "Gauss-Newton matrix G",
    "residual_hessian": "residual Hessian F = H - G",
    "fisher": "Fisher information, expectation over the model",
    "ntk_gram": "NTK Gram matrix K = J Jᵀ",
    "input_jacobian": "input Jacobian ∇ₓf",
}


@dataclass(frozen=True)
class _Equation:
    left: str
    right: Expr


def equations(
    net: TwoLayerNet,
    name: str,
    blocks: list[tuple[str, ...]],
    sizes: Mapping[str, int],
    style: str,
) -> str:
    """Definitions first, then one equation a block, or an entry where sizes are given.

    Parameters
    ----------
    net : TwoLayerNet
        The network.
    name : str
        A noun of the network.
    blocks : list of tuple of str
        Which blocks; [()] for what has none.
    sizes : mapping
        Kind of an index → its size; sums over these are written out.
    style : {"pretty", "latex"}
        The notation.
    """
    written = _Writer(net, name, sizes, style)
    found = [written.block(blocks_) for blocks_ in blocks]
    used = [equation.right for block in found for equation in block]
    definitions = written.definitions(used)
    if style == "latex":
        return _aligned([definitions, *found], written)
    parts = [written.title(), _lines(definitions, written)]
    parts += [_lines(block, written) for block in found]
    return "\n\n".join(part for part in parts if part)


class _Writer:
    def __init__(
        self, net: TwoLayerNet, name: str, sizes: Mapping[str, int], style: str
    ) -> None:
        self.net, self.name, self.sizes = net, name, sizes
        self.latex = style == "latex"
        single = net.outputs == 1
        notation = LatexNotation if self.latex else LineNotation
        self.notation: LatexNotation | LineNotation = notation(single=single)

    def text(self, expression: Expr) -> str:
        return str(self.notation.doprint(expression))

    def title(self) -> str:
        net = self.net
        outputs = "C outputs" if net.outputs is None else f"{net.outputs} outputs"
        outputs = "one output" if net.outputs == 1 else outputs
        activation = "any σ" if net.is_undefined else f"σ = {net.activation.name}"
        loss = f"mean {net.loss.name} loss L"
        if self.name in ("ntk_gram", "input_jacobian"):
            return f"{_TITLES[self.name]}: {activation}, {outputs}"
        return f"{_TITLES[self.name]}: {activation}, {loss}, {outputs}"

    # Entries

    def block(self, blocks: tuple[str, ...]) -> list[_Equation]:
        terms = with_sizes(
            self.net.placed(self.net.terms(self.name, *blocks)), self.sizes
        )
        rows, columns = self._free(blocks)
        result = []
        for place, left in enumerate(enumerated(rows, self.sizes)):
            for position, right in enumerate(enumerated(columns, self.sizes)):
                if len(set(blocks)) < len(blocks) and position < place:
                    # a diagonal block is symmetric
                    continue
                at = left | right
                entry = self.net.express(substituted(terms, at), named=True)
                result.append(_Equation(self._label(blocks, at), entry))
        return result

    def _free(self, blocks: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        free: tuple[tuple[str, ...], tuple[str, ...]]
        if self.name == "ntk_gram":
            free = ("i", "c"), ("i'", "c'")
        elif self.name == "input_jacobian":
            free = ("i", "c"), ("j",)
        else:
            rows, *rest = (order(block) for block in blocks)
            free = rows, tuple(f"{name}'" for names in rest for name in names)
        if self.net.outputs != 1:
            return free
        rows, columns = (
            tuple(name for name in names if name[0] != "c") for names in free
        )
        return rows, columns

    def _label(self, blocks: tuple[str, ...], at: dict[str, str]) -> str:
        entries = [
            self._entry(block, "'" * place, at) for place, block in enumerate(blocks)
        ]
        if self.name in ("gradient", "hessian"):
            return self._derivative("L", entries)
        if self.name == "input_jacobian":
            output = self.text(self._quantity("f", ("i", "c"), at))
            x = self.text(self._quantity("x", ("i", "j"), at))
            return self._derivative(output, [x])
        if self.name == "ntk_gram":
            outputs = (self._quantity("f", f, at) for f in (("i", "c"), ("i'", "c'")))
            entries = [self.text(f)[1:].strip("_{}") for f in outputs]
        symbol = _SYMBOLS[self.name][self.latex]
        joined = ", ".join(entries)
        return f"{symbol}_{{{joined}}}" if self.latex else f"{symbol}[{joined}]"

    def _entry(self, block: str, prime: str, at: dict[str, str]) -> str:
        names = tuple(name + prime for name in INDICES[block])
        return self.text(self._quantity(block, names, at))

    def _quantity(self, name: str, names: tuple[str, ...], at: dict[str, str]) -> Expr:
        single = self.net.outputs == 1
        placed = (
            "1" if single and given[0] == "c" else at.get(given, given)
            for given in names
        )
        return quantity(name, *(index(given) for given in placed))

    def _derivative(self, top: str, below: list[str]) -> str:
        power = len(below)
        if self.latex:
            above = rf"\partial {top}" if power == 1 else rf"\partial^{power} {top}"
            under = r"\,".join(rf"\partial {entry}" for entry in below)
            return rf"\frac{{{above}}}{{{under}}}"
        sign = "∂" if power == 1 else "∂²"
        return f"{sign}{top}/" + "".join(f"∂{entry}" for entry in below)

    # Definitions

    def definitions(self, used: list[Expr]) -> list[_Equation]:
        """Those of the quantities that `used` names, and of what these name in turn."""
        meanings = self._meanings()
        needed: set[str] = set()
        orders: set[int] = set()
        waiting = list(used)
        while waiting:
            expression = waiting.pop()
            orders |= {part.order for part in expression.atoms(Sigma)}
            for part in expression.atoms(Indexed):
                name = str(part.base)
                if name in meanings and name not in needed:
                    needed.add(name)
                    waiting.append(meanings[name][1])
        result = [] if self.net.is_undefined else self._activations(orders)
        result += [
            _Equation(self.text(left), right)
            for name, (left, right) in meanings.items()
            if name in needed
        ]
        return result

    def _meanings(self) -> dict[str, tuple[Expr, Expr]]:
        """Name → (quantity, meaning), σ by name, given sizes written out."""
        forward = {"z": preactivation("i", "k"), "f": output("i", "c")}
        meanings = {}
        for left, right in self.net.definitions:
            name = str(left.base)
            if name in forward:
                terms: list[Term] = with_sizes(
                    self.net.placed(collected(forward[name])), self.sizes
                )
                meanings[name] = left, self.net.express(terms, named=True)
            else:
                known = "c" in self.sizes and isinstance(right, Sum)
                meanings[name] = left, right.doit() if known else right
        return meanings

    def _activations(self, orders: set[int]) -> list[_Equation]:
        z, activation = PREACTIVATION, self.net.activation
        found = []
        for derivatives in sorted(orders):
            value = activation.shown_derivative(derivatives)
            if derivatives and activation.kinks:
                value = _between(value)
            found.append(_Equation(self.text(sigma(derivatives)(z)), value))
        return found


def _between(value: Expr) -> Expr:
    """Cases on open intervals alone: a derivative has no value at a kink."""
    if not isinstance(value, Piecewise):
        return value
    *branches, (last, _) = value.args
    cases, beyond = [], True
    for branch, test in branches:
        if not isinstance(test, StrictLessThan | StrictGreaterThan):
            return value
        cases.append((branch, And(beyond, test)))
        less = isinstance(test, StrictLessThan)
        beyond = test.lhs > test.rhs if less else test.lhs < test.rhs
    return Piecewise(*cases, (last, beyond))


def _lines(block: list[_Equation], writer: _Writer) -> str:
    """Equations one below the other; long ones with a line for each term."""
    return "\n".join(_line(equation, writer) for equation in block)


def _line(equation: _Equation, writer: _Writer) -> str:
    whole = f"{equation.left} = {writer.text(equation.right)}"
    terms = ordered_terms(equation.right)
    if len(whole) <= WIDTH and (len(terms) < 2 or not equation.right.has(symbols.n)):
        return whole
    first, *rest = _signed(terms, writer)
    return "\n".join([f"{equation.left} =", f"    {first}", *(f"  {t}" for t in rest)])


def _signed(terms: list[Expr], writer: _Writer) -> list[str]:
    """Terms with their signs, the first without a plus."""
    texts = [writer.text(term) for term in terms]
    signed = [f"- {t[1:]}" if t.startswith("-") else f"+ {t}" for t in texts[1:]]
    return [texts[0], *signed]


def _aligned(parts: list[list[_Equation]], writer: _Writer) -> str:
    """All equations in one align*, with a line for each term that sums over samples."""
    rows = []
    for equation in (equation for part in parts for equation in part):
        terms = ordered_terms(equation.right)
        if not equation.right.has(symbols.n):
            rows.append(f"  {equation.left} &= {writer.text(equation.right)}")
            continue
        first, *rest = _signed(terms, writer)
        rows.append(f"  {equation.left} &= {first}")
        rows += [f"  &\\quad {text}" for text in rest]
    body = " \\\\\n".join(rows)
    return "\\begin{align*}\n" + body + "\n\\end{align*}"
