"""A counterexample as a pytest file that needs python-flint and pytest, not landtheory.

The file rebuilds the instance from fractions, evaluates both sides from definitions of
its own in ball arithmetic, exactly where everything is rational, and asserts that they
separate and that what is assumed holds. It is meant to be read.
"""

from collections.abc import Mapping
from fractions import Fraction
from textwrap import fill

from ...theory.expressions import (
    Binary,
    Call,
    Comparison,
    Constant,
    Expression,
    Name,
    Negative,
    Transpose,
    exact_value,
)
from ...theory.shapes import shape_of
from ..exact_instances import ExactInstance, Row, Rows
from .assumptions import NAMED, Assumptions
from .replay_blocks import BLOCKS, Block, with_needs
from .replay_checks import CHECKS, critical_check
from .replay_network import LOSSES, NAMES, NETWORK, RANKS
from .replay_spectra import SPECTRA
from .sigma_source import sigma_source

__all__ = ["replay_source"]

_HEAD = '''"""A counterexample to

    {claim}

{text}
"""

from flint import arb, ctx, fmpq_mat
from flint import fmpq as Q

ctx.prec = 256
SWEEPS = 12
TINY = arb(2) ** -240
'''

_ABOUT = (
    "for a two-layer network f(x) = A σ(W x + b) + c with σ = {activation} and the {loss} "
    "loss{where}. {data}Run it with pytest; it needs python-flint. Numbers are exact "
    "until a function such as exp or sqrt makes them balls: a comparison of balls is true "
    "only if it is certain."
)

_FAILS = {"<=": "{} > {}", ">=": "{} < {}", "<": "{} >= {}", ">": "{} <= {}"}
_HOLDS = {"<=": "{} <= {}", ">=": "{} >= {}", "<": "{} < {}", ">": "{} > {}"}
_HOLDS["=="] = "{} == {}"


def replay_source(
    claim: Comparison, assumptions: Assumptions, at: ExactInstance
) -> str:
    """The text of a test that passes if the claim certainly fails at an instance.

    Parameters
    ----------
    claim : Comparison
        The claim.
    assumptions : Assumptions
        What the instance is to meet.
    at : ExactInstance
        Where.

    Raises
    ------
    InputError
        If σ holds a function that such a file has no word for.
    """
    writer = _Writer(at)
    tests = [writer.test("the_claim_fails", claim, fails=True)]
    for place, comparison in enumerate(assumptions.comparisons, start=1):
        tests.append(writer.test(f"assumption_{place}_holds", comparison, fails=False))
    tests += writer.checks(assumptions)
    parts = [_head(claim, assumptions, at), _instance(at), _sigma(at)]
    return "\n\n".join([*parts, *writer.blocks(), *tests]) + "\n"


class _Writer:
    """Turns expressions into Python text, and remembers what that text needs."""

    def __init__(self, at: ExactInstance) -> None:
        self.at = at
        self.needs: set[str] = {"separated"}

    def test(self, name: str, comparison: Comparison, *, fails: bool) -> str:
        """A test that a comparison holds, or that it fails."""
        left, right = self.text(comparison.left), self.text(comparison.right)
        lines = [f"def test_{name}():", f"    # {comparison}"]
        lines += [f"    left = {left}", f"    right = {right}"]
        if comparison.relation != "==":
            form = (_FAILS if fails else _HOLDS)[comparison.relation]
            lines.append(f"    assert {form.format('left', 'right')}")
        elif shape_of(comparison.left):
            self.needs.add("flat")
            lines.append("    pairs = list(zip(flat(left), flat(right), strict=True))")
            inner = "any(separated(u, v)" if fails else "all(u == v"
            lines.append(f"    assert {inner} for u, v in pairs)")
        else:
            lines.append(
                "    assert separated(left, right)"
                if fails
                else "    assert left == right"
            )
        return "\n" + "\n".join(lines)

    def checks(self, assumptions: Assumptions) -> list[str]:
        """Tests of the named assumptions, and that no unit is on a kink."""
        texts = []
        for name in assumptions.named:
            text, needs = CHECKS[name]
            if name == "critical":
                text, needs = critical_check(self.at.activation)
            self.needs.update(needs)
            body = "\n".join(f"    {line}" for line in text.strip("\n").splitlines())
            title = f"def test_it_is_{name}():\n    # {NAMED[name]}\n"
            texts.append(f"\n{title}{body}")
        if self.at.activation.kinks:
            self.needs.add("hidden units")
            kinks = ", ".join(sigma_source(k) for k in self.at.activation.kinks)
            texts.append(
                "\ndef test_no_unit_is_on_a_kink():\n"
                f"    assert all(separated(z, k) for row in Z for z in row for k in [{kinks}])"
            )
        return texts

    def blocks(self) -> list[str]:
        """The functions that are needed, in an order that runs."""
        loss = self.at.loss.name
        before = ("sizes", "dot") if loss == "squared" else ("sizes", "outputs")
        every: dict[str, Block] = {**BLOCKS, **SPECTRA}
        for name, piece in NETWORK.items():
            every[name] = piece
            if name == "outputs":
                every["loss"] = (LOSSES[loss].strip("\n"), before)
        return [f"\n{text}" for text in with_needs(self.needs, every)]

    def text(self, expression: Expression) -> str:
        """An expression as Python text."""
        match expression:
            case Constant(value):
                return _number(Fraction(value))
            case Name(name):
                return self.named(name)
            case Negative(of):
                return self.negative(self.text(of), shape_of(of))
            case Transpose(of):
                return self.call("transposed", self.text(of))
            case Call(function, arguments):
                return self.called(function, arguments)
            case Binary(operator, left, right):
                return self.binary(operator, left, right)
            case _:
                raise TypeError(type(expression).__name__)

    def named(self, name: str) -> str:
        """A quantity."""
        matrix, _, rows = name.partition("_")
        if name in NAMES:
            text, needs = NAMES[name]
            self.needs.update(needs)
            return text
        whole = self.named(matrix)
        return self.call("block", whole, f'"{rows[0]}"', f'"{rows[1]}"')

    def called(self, function: str, arguments: tuple[Expression, ...]) -> str:
        """A function of the language."""
        texts = [self.text(argument) for argument in arguments]
        if function in ("max", "min"):
            name = "greatest" if function == "max" else "least"
            whole = texts[0] if len(texts) == 1 else f"[{', '.join(texts)}]"
            return self.call(name, whole)
        if function in ("rank", "nullity"):
            return self.ranked(function, arguments[0], texts[0])
        renamed = {"smax": "op", "sqrt": "root", "abs": "absolute"}
        return self.call(renamed.get(function, function), *texts)

    def ranked(self, function: str, argument: Expression, text: str) -> str:
        """A rank, with what is known of it by the form of the matrix."""
        most = RANKS.get(argument.text) if isinstance(argument, Name) else None
        more = []
        if most is not None:
            self.needs.add("sizes")
            more = [most.replace("SOFTMAX", str(int(self.at.loss.name == "softmax")))]
        rank = self.call("rank", text, *more)
        if function == "rank":
            return rank
        return f"(len({text}[0]) - {rank})"

    def binary(self, operator: str, left: Expression, right: Expression) -> str:
        """Two expressions and an operator."""
        if operator == "**":
            exponent = _number(exact_value(right) or Fraction(0))
            return self.call("power", self.text(left), exponent)
        first, second = self.text(left), self.text(right)
        axes = len(shape_of(left)), len(shape_of(right))
        if axes == (0, 0):
            return f"({first} {operator} {second})"
        match operator:
            case "@":
                return self.product(first, second, axes)
            case "+":
                return self.call("added", first, second)
            case "-":
                return self.call("added", first, self.call("scaled", "-1", second))
            case "/":
                return self.call("scaled", f"(1 / {second})", first)
            case _:
                number, array = (first, second) if axes[1] else (second, first)
                return self.call("scaled", number, array)

    def product(self, first: str, second: str, axes: tuple[int, int]) -> str:
        """@ of matrices and vectors."""
        if axes == (2, 2):
            return self.call("matmul", first, second)
        if axes == (1, 1):
            return self.call("dot", first, second)
        if axes == (2, 1):
            return self.call("matvec", first, second)
        return self.call("matvec", self.call("transposed", second), first)

    def negative(self, text: str, shape: tuple[str, ...]) -> str:
        """The same with its sign changed."""
        return self.call("scaled", "-1", text) if shape else f"(-{text})"

    def call(self, function: str, *arguments: str) -> str:
        """A call of a block."""
        self.needs.add(function)
        return f"{function}({', '.join(arguments)})"


def _head(claim: Comparison, assumptions: Assumptions, at: ExactInstance) -> str:
    texts = assumptions.texts
    about = _ABOUT.format(
        activation=at.activation.name,
        loss=at.loss.name,
        where=f", assuming {', '.join(texts)}" if texts else "",
        data="" if at.residual is None else "Y is f(X) - r, so that r is exact. ",
    )
    return _HEAD.format(claim=claim, text=fill(about, 88)).rstrip("\n")


def _instance(at: ExactInstance) -> str:
    lines = [
        f"X = {_matrix(at.x)}",
        f"W = {_matrix(at.W)}",
        f"b = {_vector(at.b)}",
        f"A = {_matrix(at.A)}",
        f"c = {_vector(at.c)}",
    ]
    if at.residual is not None:
        lines.append(f"r = {_matrix(at.residual)}")
    if at.labels is not None:
        lines.append(f"labels = {list(at.labels)}")
    return "\n" + "\n".join(lines)


def _sigma(at: ExactInstance) -> str:
    functions: Mapping[str, int] = {"sigma": 0, "slope": 1, "bend": 2}
    return "\n" + "\n\n\n".join(
        f"def {name}(z):\n    return {sigma_source(at.activation.shown_derivative(order))}"
        for name, order in functions.items()
    )


def _number(value: Fraction) -> str:
    if value.denominator == 1:
        return f"Q({value.numerator})"
    return f"Q({value.numerator}, {value.denominator})"


def _vector(row: Row) -> str:
    return f"[{', '.join(map(_number, row))}]"


def _matrix(rows: Rows) -> str:
    return f"[{', '.join(map(_vector, rows))}]"
