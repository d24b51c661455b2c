"""`landtheory derive`."""

from typing import Annotated

import typer

from ..errors import InputError
from ..records import check_target
from .options import Debug, Json, NoProgress, Seed, deliver

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
        list[str] | None, typer.Option(help="Such as d=2,m=3: an explicit matrix.")
    ] = None,
    format: Annotated[  # noqa: A002 - the option's own word
        str, typer.Option(help="pretty, latex, numpy or torch.")
    ] = "pretty",
    seed: Seed = 0,
    json: Json = None,
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet", help="Show the formula alone, not what its names stand for."
        ),
    ] = False,
    no_progress: NoProgress = False,
    debug: Debug = False,
) -> int:
    """Derive a closed form, for symbolic sizes or for a given one.

    Nothing in it is random: the seed is recorded, and changes nothing.
    """
    del no_progress, debug
    from .._version import __version__
    from ..theory.activations import UNDEFINED
    from ..theory.printing import render
    from ..theory.two_layer import TwoLayerNet

    check_target(json)
    sigma = UNDEFINED if activation == "undefined" else activation
    net = TwoLayerNet(sigma, loss, outputs)
    sizes = _sizes(size)
    text = render(
        net, quantity, block=block, size=sizes, format=format, definitions=not quiet
    )
    record = {
        "command": "derive",
        "version": __version__,
        "seed": seed,
        "settings": {
            "quantity": quantity,
            "activation": activation,
            "loss": loss,
            "outputs": outputs,
            "block": block,
            "size": sizes,
            "format": format,
            "quiet": quiet,
        },
        "text": text,
    }
    if not deliver(record, json):
        typer.echo(text)
    return 0


def _sizes(given: list[str] | None) -> dict[str, int] | None:
    """'d=2,m=3' as a dictionary; or its parts, one each time the option is given."""
    if not given:
        return None
    text = ",".join(given)
    sizes: dict[str, int] = {}
    for part in text.split(","):
        name, _, number = (word.strip() for word in part.partition("="))
        # no longer number is turned into an integer at all
        short = number.isascii() and number.isdigit() and len(number) <= 2
        if not (name and short and 1 <= int(number) <= 20):
            raise InputError(
                f"size is {text!r}; expected name=number pairs with numbers from 1 to "
                "20, such as d=2,m=3"
            )
        if name in sizes:
            raise InputError(
                f"size is {text!r}, which gives {name} twice; expected each size once"
            )
        sizes[name] = int(number)
    return sizes
