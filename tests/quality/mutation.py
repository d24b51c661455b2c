"""One change at a time of a function's formulas, as syntax trees."""

import ast
import copy
import inspect
import itertools
import textwrap
from collections.abc import Callable, Iterator, Mapping
from typing import Any

NEIGHBOURS: Mapping[str, str] = {
    "s0": "s1", "s1": "s2", "s2": "s1", "delta": "weighted", "weighted": "delta",
    "slope": "curvature", "curvature": "slope", "bend": "slope", "mixed": "slopes",
    "upper": "lower", "k": "l", "c": "e", "e": "c", "j": "q", "q": "j",
}  # fmt: skip
"""Quantities and indices that are easily taken for one another."""

CUTTING = frozenset(("size", "room", "twice", "parts", "s"))
"""What only says how the work is cut: no number depends on it, so it is left alone."""


def changed_functions(function: Any) -> Iterator[tuple[str, ast.Module]]:
    """What was done to the function, and the function so changed."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    for place, node in enumerate(list(formulas(tree))):
        for change, make_new in _changes(node):
            mutated = copy.deepcopy(tree)
            target = list(formulas(mutated))[place]
            _replace(mutated, target, make_new(target))
            yield f"{ast.unparse(node)}: {change}", ast.fix_missing_locations(mutated)


def formulas(tree: ast.Module) -> Iterator[ast.AST]:
    """Nodes that belong to a formula: no docstring, annotation, or decorator."""
    function = tree.body[0]
    if isinstance(function, ast.FunctionDef):
        for statement in function.body:
            if isinstance(statement, ast.Expr) and isinstance(
                statement.value, ast.Constant
            ):
                continue
            yield from _within(statement)


def _within(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    if isinstance(node, ast.FunctionDef):
        children: list[ast.AST] = list(node.body)
    elif isinstance(node, ast.Raise) or _is_cutting(node):
        children = []
    elif isinstance(node, ast.Attribute) and node.attr in ("shape", "dtype"):
        # arrays of one shape are no formula
        children = []
    else:
        children = list(ast.iter_child_nodes(node))
    for child in children:
        yield from _within(child)


def _is_cutting(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and any(
        isinstance(target, ast.Name) and target.id in CUTTING for target in node.targets
    )


Change = tuple[str, Callable[[Any], ast.AST]]


def _changes(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.BinOp():
            yield from _of_product(node)
        case ast.UnaryOp(op=ast.USub()) if not isinstance(node.operand, ast.Constant):
            yield "the minus dropped", lambda new: new.operand
        case ast.AugAssign(op=ast.Add()):
            yield "+= turned into -=", _with(op=ast.Sub())
            yield "+= turned into =", lambda new: ast.Assign([new.target], new.value)
        case ast.Subscript(slice=ast.Tuple()):
            yield from _of_indices(node.slice.elts)
        case ast.Name(id=name, ctx=ast.Load()) if name in NEIGHBOURS:
            yield f"taken for {NEIGHBOURS[name]}", _with(id=NEIGHBOURS[name])
        case ast.Attribute(attr=name, ctx=ast.Load()) if name in NEIGHBOURS:
            yield f"taken for {NEIGHBOURS[name]}", _with(attr=NEIGHBOURS[name])
        case _:
            return


def _of_indices(indices: list[ast.expr]) -> Iterator[Change]:
    for i, (one, other) in enumerate(itertools.pairwise(indices)):
        if _plain(one) and _plain(other) and ast.dump(one) != ast.dump(other):
            yield f"indices {i} and {i + 1} exchanged", _swapped(i)


def _of_product(node: ast.BinOp) -> Iterator[Change]:
    signs: dict[type[ast.operator], tuple[str, ast.operator]] = {
        ast.Add: ("+ turned into -", ast.Sub()),
        ast.Sub: ("- turned into +", ast.Add()),
        ast.Mult: ("* turned into /", ast.Div()),
        ast.Div: ("/ turned into *", ast.Mult()),
    }
    if type(node.op) in signs:
        words, operator = signs[type(node.op)]
        yield words, _with(op=operator)
    if not isinstance(node.op, ast.Div | ast.MatMult | ast.FloorDiv):
        yield "the left part dropped", lambda new: new.right
    if not isinstance(node.op, ast.MatMult):
        yield "the right part dropped", lambda new: new.left
    if isinstance(node.op, ast.MatMult):
        yield (
            "the factors exchanged",
            lambda new: ast.BinOp(new.right, new.op, new.left),
        )


def _plain(index: ast.AST) -> bool:
    """Whether it picks something: an ellipsis, None and a full slice do not."""
    if isinstance(index, ast.Slice):
        return index.lower is not None or index.upper is not None
    return not isinstance(index, ast.Constant) or isinstance(index.value, int)


def _with(**fields: Any) -> Callable[[Any], ast.AST]:
    def changed(node: Any) -> ast.AST:
        new = copy.copy(node)
        for name, value in fields.items():
            setattr(new, name, value)
        return new

    return changed


def _swapped(i: int) -> Callable[[Any], ast.AST]:
    def changed(node: Any) -> ast.AST:
        new = copy.deepcopy(node)
        elements = new.slice.elts
        elements[i], elements[i + 1] = elements[i + 1], elements[i]
        return new

    return changed


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
                return
            if isinstance(value, list) and any(entry is old for entry in value):
                value[[entry is old for entry in value].index(True)] = new
                return
    raise LookupError(ast.dump(old))
