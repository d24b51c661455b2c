"""Options that the commands about landscapes share, beside those of deep networks."""

from typing import Annotated

import typer

__all__ = ["Labels", "Loss", "Out"]

Labels = Annotated[
    str | None,
    typer.Option(
        help="parity or classes: the clean samples of a split as minima makes it, 200 by "
        "default; without, all of the data as in deep-spectrum."
    ),
]
Loss = Annotated[
    str | None,
    typer.Option(
        help="squared or cross-entropy; by default squared with --labels, as minima, "
        "and cross-entropy without, as deep-spectrum."
    ),
]
Out = Annotated[str | None, typer.Option(help="Folder for record, tables and figures.")]
