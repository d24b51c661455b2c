"""The curvature of a loss at one network: by the cheapest way that is justified."""

from dataclasses import dataclass, field
from math import inf

import torch
from torch import Tensor

from ...errors import InputError
from ...numerics.memory import SPECTRUM_COPIES, fits, refuse_if_too_large
from ..estimators.complement import sample_complement
from ..estimators.eigenvalues import top_eigenvalues
from ..estimators.intervals import Interval
from ..estimators.traces import frobenius_norm_from, trace_from
from .gram import GaussNewton, gauss_newton
from .point import Point
from .residual import Residual, residual

__all__ = ["METHODS", "Count", "Curvature", "curvature", "dense_hessian"]

METHODS = ("auto", "gram", "hessian", "lanczos")

EPSILON = torch.finfo(torch.float64).eps

SMALL = 3000
"""Parameters up to which the Hessian is made entry by entry: some seconds."""

MOST_ROWS = 6000
"""n C up to which the Gram matrix is made."""

PROBES = 16
"""Of trace and norm beside what Lanczos found."""

COLUMNS = 64
"""Of the Hessian made at a time."""

TOP = 50
"""Eigenvalues that Lanczos looks for."""

LANCZOS_TOL = 1e-3


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many eigenvalues lie above a threshold: between `least` and `most`."""

    threshold: float
    least: int
    most: int


@dataclass(frozen=True, kw_only=True, eq=False)
class Curvature:
    """Eigenvalues, trace and norm of a curvature matrix at a point.

    Attributes
    ----------
    method : {"gram", "hessian", "lanczos"}
        How it was had: every eigenvalue of G by its Gram matrix, every one of H from all
        of its entries, or the largest of H by Lanczos.
    eigenvalues : (k,) float64
        Descending, on the CPU. The p - k others are 0 for gram, there are none for
        hessian, and they are unknown for lanczos.
    errors : (k,) float64
        An eigenvalue of the matrix that was decomposed, G or H, lies so near.
    trace, frobenius_norm : Interval
        Of that matrix; exact but for rounding unless the method is lanczos.
    p : int
        Its rows.
    residual : Residual or None
        The distance from G to H where the spectrum is that of G.
    gauss_newton : GaussNewton or None
        G, where the method is gram.
    eigenvectors : (p, k) tensor or None
        Where the method is lanczos.
    """

    method: str
    eigenvalues: Tensor
    errors: Tensor
    trace: Interval
    frobenius_norm: Interval
    p: int
    residual: Residual | None
    gauss_newton: GaussNewton | None
    eigenvectors: Tensor | None = field(default=None, repr=False)

    @property
    def matrix(self) -> str:
        """Whose spectrum it is."""
        return "Gauss-Newton matrix" if self.method == "gram" else "Hessian"

    @property
    def largest(self) -> float:
        """λ_max, the sharpness."""
        return float(self.eigenvalues[0])

    @property
    def is_complete(self) -> bool:
        """Whether every eigenvalue that is not listed is 0."""
        return self.method != "lanczos"

    @property
    def resolved(self) -> int:
        """How many eigenvalues of H are surely above 0, at 95 % where G stands for H.

        Those of G above ‖H - G‖_F, by Weyl's inequality; log-volumes of more eigenvalues
        than these are of G alone.
        """
        away = 0.0 if self.residual is None else self.residual.frobenius_norm.upper
        return int((self.eigenvalues - self.errors > away).sum())

    def count(self, threshold: float) -> Count:
        """Eigenvalues above a threshold > 0, as sure as their errors allow.

        Those that Lanczos did not look for are at most ‖H‖_F² / threshold², since each
        of them would add that much to the squared norm.

        Raises
        ------
        InputError
            If the threshold is not positive.
        """
        _check_threshold(threshold)
        surely = int((self.eigenvalues - self.errors > threshold).sum())
        perhaps = int((self.eigenvalues + self.errors > threshold).sum())
        if not self.is_complete and perhaps == len(self.eigenvalues):
            room = (self.frobenius_norm.upper / threshold) ** 2
            perhaps = max(perhaps, int(min(self.p, room)))
        return Count(threshold=threshold, least=surely, most=perhaps)

    def share_near_zero(self, threshold: float) -> Interval:
        """Share of all p eigenvalues with |λ| <= threshold.

        Raises
        ------
        InputError
            If the threshold is not positive.
        """
        _check_threshold(threshold)
        sizes = self.eigenvalues.abs()
        surely = int((sizes - self.errors > threshold).sum())
        perhaps = int((sizes + self.errors > threshold).sum())
        middle = int((sizes > threshold).sum())
        if not self.is_complete:
            room = (self.frobenius_norm.upper / threshold) ** 2
            perhaps = max(perhaps, int(min(self.p, room)))
        return Interval(
            value=1 - middle / self.p,
            lower=1 - perhaps / self.p,
            upper=1 - surely / self.p,
            level=self.frobenius_norm.level,
        )


def curvature(
    point: Point,
    *,
    method: str = "auto",
    k: int = TOP,
    generator: torch.Generator,
) -> Curvature:
    """The spectrum at a point, with what it is the spectrum of.

    By auto, G through its Gram matrix where that fits and H - G is measured to be at
    most a tenth of G in the Frobenius norm; otherwise the Hessian from its entries where
    p is at most 3000, and by Lanczos above.

    Parameters
    ----------
    point : Point
        Where.
    method : {"auto", "gram", "hessian", "lanczos"}
        How. With gram the distance to H is measured all the same.
    k : int
        Eigenvalues for lanczos; at most p are taken.
    generator : torch.Generator
        Of probes and start vectors; on the CPU.

    Returns
    -------
    Curvature
        Unit: loss / θ².

    Raises
    ------
    InputError
        If there is no such method, or the one asked for cannot be had.
    """
    if method not in METHODS:
        raise InputError(f"method is {method!r}; expected one of {', '.join(METHODS)}")
    if method == "gram":
        return _by_gram(point, generator)
    found = _tried_gram(point, generator) if method == "auto" else None
    if found is not None:
        return found
    if method == "hessian" or (method == "auto" and point.p <= SMALL):
        return _by_entries(point)
    return _by_lanczos(point, min(k, point.p), generator)


def _tried_gram(point: Point, generator: torch.Generator) -> Curvature | None:
    """The spectrum of G where it can be had and may stand for that of H."""
    with point.ready():
        rows = point.outputs().numel()
    if rows > MOST_ROWS or not fits((rows, point.p)):
        return None
    try:
        found = _by_gram(point, generator)
    except InputError:
        # a loss without a Gauss-Newton matrix still has a Hessian
        return None
    small = found.residual is not None and found.residual.is_small
    return found if small else None


def _by_gram(point: Point, generator: torch.Generator) -> Curvature:
    G = gauss_newton(point)
    return Curvature(
        method="gram",
        eigenvalues=G.eigenvalues,
        errors=torch.full_like(G.eigenvalues, G.error),
        trace=_around(G.trace, G.error),
        frobenius_norm=_around(G.frobenius_norm, G.error),
        p=point.p,
        residual=residual(point, G, generator=generator),
        gauss_newton=G,
    )


def _by_entries(point: Point) -> Curvature:
    H, asymmetry = dense_hessian(point)
    values = torch.linalg.eigvalsh(H).flip(0).to("cpu")
    norm = float(H.norm())
    error = asymmetry + point.p * EPSILON * norm
    return Curvature(
        method="hessian",
        eigenvalues=values,
        errors=torch.full_like(values, error),
        trace=_around(float(H.trace()), point.p * error),
        frobenius_norm=_around(norm, error),
        p=point.p,
        residual=None,
        gauss_newton=None,
    )


def dense_hessian(point: Point) -> tuple[Tensor, float]:
    """H (p, p), symmetrised, and ½ ‖H - Hᵀ‖_F of what the products gave.

    Raises
    ------
    InputError
        If it does not fit in memory.
    """
    refuse_if_too_large(
        "hessian", (point.p, point.p), "use method lanczos", copies=SPECTRUM_COPIES
    )
    op = point.hessian()
    identity = torch.eye(point.p, dtype=op.dtype, device=op.device)
    H = torch.cat([op @ part for part in torch.split(identity, COLUMNS, dim=1)], dim=1)
    return (H + H.T) / 2, float((H - H.T).norm()) / 2


def _by_lanczos(point: Point, k: int, generator: torch.Generator) -> Curvature:
    op = point.hessian()
    found = top_eigenvalues(op, k, which="LA", tol=LANCZOS_TOL, generator=generator)
    sample = sample_complement(
        op, probes=PROBES, generator=generator, krylov=found.krylov
    )
    return Curvature(
        method="lanczos",
        eigenvalues=found.eigenvalues,
        errors=found.bounds,
        trace=trace_from(sample).interval,
        frobenius_norm=frobenius_norm_from(sample).interval,
        p=point.p,
        residual=None,
        gauss_newton=None,
        eigenvectors=found.eigenvectors,
    )


def _around(value: float, error: float) -> Interval:
    return Interval(value=value, lower=value - error, upper=value + error, level=1.0)


def _check_threshold(threshold: float) -> None:
    if not 0 < threshold < inf:
        raise InputError(f"threshold is {threshold!r}; expected a positive number")
