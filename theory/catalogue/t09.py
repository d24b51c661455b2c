"""T09: any depth: the first layer ties inputs to weights."""

from dataclasses import replace
from typing import Any

from ..expressions import name
from ..theorems import Claim, Mutant, Theorem, Witness
from .laws import law
from .t07 import ORTHONORMAL

__all__ = ["T09"]

Cx, W = name("Cx"), name("W")


def _chain_sides(q: Any, drawn: Any, *, transpose: bool = True) -> tuple[Any, Any]:
    deep = q.deeper(drawn.layers)
    return deep.input_jacobian, deep.bias_jacobian @ q.W[:, None]


def _outer_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    deep = q.deeper(drawn.layers)
    return (
        deep.weight_jacobian,
        deep.bias_jacobian[..., None] * q.x[:, :, None, None, :],
    )


def _first_layer_sides(
    q: Any, drawn: Any, *, bias: bool, power: int = 2
) -> tuple[Any, Any]:
    deep = q.deeper(drawn.layers)
    slopes, weights = deep.input_jacobian, deep.weight_jacobian
    size = (weights * weights).sum(-1, -2, -3)
    lengths = q.norms_xt if bias else q.norms_x
    if bias:
        own = deep.bias_jacobian
        size = size + (own * own).sum(-1, -2)
    norm = q.W.operator()[:, None]
    return (
        (slopes * slopes).sum(-1, -2) * lengths * lengths,
        norm**power * size,
    )


def _injective_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    deep = q.deeper(drawn.layers)
    slopes, weights = deep.input_jacobian, deep.weight_jacobian
    least = (q.W @ q.W.T).eigenvalues()[..., -1][:, None]
    size = (weights * weights).sum(-1, -2, -3)
    return least * size, (slopes * slopes).sum(-1, -2) * q.norms_x * q.norms_x


def _deep_identity_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    deep = q.deeper(drawn.layers)
    slopes, own = deep.input_jacobian, deep.bias_jacobian
    block = (own.T @ own).mean(-3)
    return (
        (slopes * slopes).sum(-1, -2).mean(-1),
        ((q.W @ q.W.T) * block).sum(-1, -2),
    )


def _unweighted_sides(q: Any, drawn: Any) -> tuple[Any, Any]:
    deep = q.deeper(drawn.layers)
    return (
        (deep.input_jacobian * deep.input_jacobian).sum(-1, -2).mean(-1),
        (deep.bias_jacobian * deep.bias_jacobian).sum(-1, -2).mean(-1),
    )


_DEEP: dict[str, Any] = {"losses": ("squared",)}

_T09 = (
    Claim(
        label="a.1",
        statement=r"\nabla_xf_c = W^T\nabla_bf_c",
        law=law(_chain_sides, "==", "layers"),
        **_DEEP,
    ),
    Claim(
        label="a.2",
        statement=r"\partial f_c/\partial W = (\nabla_bf_c)x^T",
        law=law(_outer_sides, "==", "layers"),
        **_DEEP,
    ),
    Claim(
        label="b.1",
        statement=r"\|Jx\|_F\|x\| \le \|W\|\,\|\partial f/\partial W\|_F",
        law=law(_first_layer_sides, "<=", "layers", bias=False),
        **_DEEP,
    ),
    Claim(
        label="b.2",
        statement=r"\|Jx\|_F^2(1+\|x\|^2) \le \|W\|^2\|\partial f/\partial(W,b)\|_F^2",
        law=law(_first_layer_sides, "<=", "layers", bias=True),
        **_DEEP,
    ),
    Claim(
        label="b.3",
        statement=r"\sigma_{\min}(W^T)\|\partial f/\partial W\|_F \le \|Jx\|_F\|x\|",
        law=law(_injective_sides, "<=", "layers"),
        **_DEEP,
    ),
    Claim(
        label="c",
        statement=r"Cx = <WW^T, G_{bb}> with the first layer's G_{bb} (squared loss)",
        law=law(_deep_identity_sides, "==", "layers"),
        **_DEEP,
    ),
)

T09 = Theorem(
    id="T09",
    title="Any depth: the first layer ties inputs to weights",
    topic="complexity",
    statement=r"Let f(x) = g(Wx + b) with any differentiable g. Then \nabla_xf_c ="
    r" W^T\nabla_bf_c and \partial f_c/\partial W = (\nabla_bf_c)x^T, so the identity of"
    r" T06 and the first-layer bounds of T07 hold with G_{bb}, G_{ww} of the first layer.",
    hypotheses=(r"g is differentiable at the pre-activations of the first layer",),
    claims=_T09,
    mutants=(
        Mutant(
            name="‖W‖ in place of ‖W‖²",
            claim=replace(
                _T09[2],
                law=law(_first_layer_sides, "<=", "layers", bias=False, power=1),
            ),
        ),
        Mutant(
            name="no ‖W‖ at all",
            claim=replace(
                _T09[3],
                law=law(_first_layer_sides, "<=", "layers", bias=True, power=0),
            ),
        ),
        Mutant(
            name="Cx = tr G_bb",
            claim=replace(_T09[5], law=law(_unweighted_sides, "==", "layers")),
        ),
    ),
    proof=r"The chain rule through u = Wx + b: \partial u/\partial x = W, \partial"
    r" u/\partial b = I, \partial u_k/\partial W_{kj} = x_j. Hence \|\partial f_c/\partial"
    r" W\|_F = \|\nabla_bf_c\|\,\|x\| and \sigma_{\min}(W^T)\|v\| \le \|W^Tv\| \le"
    r" \|W\|\,\|v\|; the rest is the proof of T06. \blacksquare",
    source="Ma and Ying (2021), their multiplicative structure; assembled here",
    uses=("T06", "T07"),
    witnesses=(
        Witness(
            labels=("b.1", "b.2", "b.3"),
            note="orthonormal rows of W: both bounds of (b) are attained",
            example=ORTHONORMAL.but(
                drawn={
                    "layers": {"V": ((1, 2),), "e": (0,), "B": ((1,),)},
                }
            ),
        ),
    ),
)
