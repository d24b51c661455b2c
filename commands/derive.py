"""`landtheory derive`."""

from typing import Annotated

import typer

from ..errors import InputError
from .options import Debug, Json, deliver

__all__ = ["derive"]


def derive(
    quantity: Annotated[
        str,
        typer.Argument(
            help="gradient, hessian, ggn, residual-hessian, ntk-gram, fisher or "
            "input-jacobian."
        ),
    ],
    *,
    activation: Annotated[
        str, typer.Option(help="A name; 'undefined' for any σ.")
    ] = "undefined",
    loss: Annotated[str, typer.Option(help="squared, logistic or softmax.")] = (
        "squared"
    ),
    outputs: Annotated[
        int | None, typer.Option(help="C; symbolic by default.", min=1)
    ] = None,
    block: Annotated[
        str | None, typer.Option(help="Such as W,b; all blocks by default.")
    ] = None,
    size: Annotated[
        str | None, typer.Option(help="Such as d=2,m=3: an explicit matrix.")
    ] = None,
    format: Annotated[  # noqa: A002 - the option's own word
        str, typer.Option(help="pretty, latex, numpy or torch.")
    ] = "pretty",
    json: Json = None,
    debug: Debug = False,
) -> int:
    """Derive a closed form, for symbolic sizes or for a given one."""
    del debug
    from ..theory.activations import UNDEFINED
    from ..theory.printing import render
    from ..theory.two_layer import TwoLayerNet

    sigma = UNDEFINED if activation == "undefined" else activation
    net = TwoLayerNet(sigma, loss, outputs)
    sizes = _sizes(size)
    text = render(net, quantity, block=block, size=sizes, format=format)
    record = {
        "command": "derive",
        "quantity": quantity,
        "activation": activation,
        "loss": loss,
        "block": block,
        "size": sizes,
        "format": format,
        "text": text,
    }
    if not deliver(record, json):
        typer.echo(text)
    return 0


def _sizes(text: str | None) -> dict[str, int] | None:
    """'d=2,m=3' as a dictionary."""
    if text is None:
        return None
    sizes = {}
    for part in text.split(","):
        name, _, number = part.strip().partition("=")
        if not (number.isascii() and number.isdigit() and 1 <= int(number) <= 20):
            raise InputError(
                f"size is {text!r}; expected name=number pairs with numbers from 1 to "
                "20, such as d=2,m=3"
            )
        sizes[name] = int(number)
    return sizes
