"""The layers' blocks of a curvature matrix, and its parts by classes."""

from typing import Any

import torch

from ..estimators.complement import sample_complement
from ..estimators.eigenvalues import top_eigenvalues
from ..estimators.traces import estimate_trace, trace_from
from ..operators.classes import ClassDecomposition, decompose_classes
from ..operators.operators import GaussNewtonOperator
from ..progress import Progress
from ..progress import part as share
from .folder import Arrays
from .journal import JournaledOperator
from .values import (
    Part,
    Wanted,
    eigenvalues,
    estimate_values,
    exact_values,
)

__all__ = ["class_structure", "layers"]

LAYER_PROBES = 5
"""Probes for the trace of one layer, beside the Krylov space of its top eigenvalue."""

CLASS_PRODUCTS = 30
"""Products for the traces of the parts of G that are no factors."""


def layers(wanted: Wanted, progress: Progress) -> Part | None:
    """The outermost eigenvalue and the trace of each diagonal block."""
    if not wanted.settings.layers:
        return None
    rows, products = [], 0
    places = wanted.op.parameters.layers
    for index, (name, place) in enumerate(places.items()):
        block = wanted.op.block(name)
        seen = JournaledOperator(block, wanted.journal, f"layer {name}")
        found = top_eigenvalues(
            seen,
            1,
            which="LM",
            tol=wanted.settings.tol,
            generator=wanted.generator(f"layer {name}"),
        )
        sample = sample_complement(
            seen,
            probes=LAYER_PROBES,
            generator=wanted.generator(f"trace of layer {name}"),
            krylov=found.krylov,
        )
        products += found.products + found.verification_products + sample.products
        size = place.stop - place.start
        rows.append(
            {"layer": name, "p": size}
            | eigenvalues(found)["eigenvalues"][0]
            | {"trace": estimate_values(trace_from(sample))}
        )
        progress(index + 1, len(places))
    values = torch.tensor([row["value"] for row in rows], dtype=torch.float64)
    arrays: Arrays = {"layer_eigenvalues": values.numpy()}
    return Part({"layers": rows}, arrays, products)


def class_structure(wanted: Wanted, progress: Progress) -> Part | None:
    """G split by classes and pairs of classes: eigenvalues of factors, and traces."""
    if not wanted.settings.classes:
        return None
    op = wanted.op
    gauss_newton = GaussNewtonOperator.from_risk(op.risk, op.memory)
    split = decompose_classes(gauss_newton)
    entries, products = _sampled_classes(wanted, split, progress)
    arrays: Arrays = {}
    roots = {
        name: torch.linalg.svdvals(getattr(split, name).factor.to("cpu", torch.float64))
        for name in ("classes", "cross_classes")
    }
    # differences of class means are as exact as the means themselves
    noise = torch.finfo(op.dtype).eps * max(float(s.norm()) for s in roots.values())
    for name, s in roots.items():
        values = s.square()
        arrays[f"{name}_eigenvalues"] = values.numpy()
        entries[name] = {
            "trace": exact_values(float(values.sum())),
            "rank": int((s > len(s) * noise).sum()),
            "largest": float(values.max()) if len(values) else 0.0,
        }
    return Part({"class_structure": entries}, arrays, products)


def _sampled_classes(
    wanted: Wanted, split: ClassDecomposition, progress: Progress
) -> tuple[dict[str, Any], int]:
    entries: dict[str, Any] = {}
    products = 0
    names = ("within", "own")
    for index, name in enumerate(names):
        part = getattr(split, name)
        seen = JournaledOperator(part, wanted.journal, name)
        found = estimate_trace(
            seen,
            products=CLASS_PRODUCTS,
            generator=wanted.generator(f"trace of {name}"),
            progress=share(
                progress, done=index * CLASS_PRODUCTS, of=len(names) * CLASS_PRODUCTS
            ),
        )
        products += found.products
        entries[name] = {"trace": estimate_values(found)}
    return entries, products
