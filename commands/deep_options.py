"""Options that the commands about deep networks share."""

from typing import Annotated

import typer

__all__ = [
    "BatchSize",
    "Data",
    "Device",
    "Dtype",
    "Init",
    "Model",
    "Samples",
    "Weights",
    "use_threads",
]

SMALL = 1_000_000
"""Parameters up to which one thread is used: the others would wait for one another more
than they compute, and sums come out the same whatever the machine."""

Model = Annotated[
    str,
    typer.Option(
        help="mlp, two-layer, lenet, vgg, resnet, resnet14, ..., vit, FILE.py:FACTORY, "
        "tv:NAME, timm:NAME or hf:NAME."
    ),
]
Data = Annotated[
    str,
    typer.Option(help="digits, moons, spirals, FILE.npz, FILE.py:FACTORY or tv:NAME."),
]
Weights = Annotated[
    str | None, typer.Option(help="A .safetensors file, or .pt of weights alone.")
]
Init = Annotated[str, typer.Option("--init", help="How the weights start.")]
Samples = Annotated[
    int | None, typer.Option(help="Samples of the data; all by default.")
]
Device = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:INDEX or mps.")]
Dtype = Annotated[str, typer.Option(help="float32, float64 or bfloat16.")]
BatchSize = Annotated[
    int | None,
    typer.Option(help="Samples in a micro-batch; as many as fit by default."),
]


def use_threads(device: str, p: int) -> None:
    """One thread for a small network on a CPU, and torch's own choice otherwise."""
    import torch

    if device == "cpu" and p <= SMALL:
        torch.set_num_threads(1)
