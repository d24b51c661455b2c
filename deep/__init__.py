"""Deep networks in PyTorch: their Hessians through products, with error bounds."""

from typing import TYPE_CHECKING

from .._lazy import attach

if TYPE_CHECKING:
    from .blocks import BlockDiagonalOperator
    from .checkpoints import read_checkpoint, write_checkpoint
    from .classes import ClassDecomposition, decompose_classes
    from .complement import ComplementSample, sample_complement
    from .data import DataSet, load_data
    from .density import SpectralDensity
    from .devices import Precision, choose_device, choose_dtype
    from .eigenvalues import TopEigenvalues, top_eigenvalues
    from .fisher import FisherOperator
    from .initialisation import INITIALISATIONS, initialise
    from .intervals import Interval
    from .krylov import Krylov
    from .lanczos import Lanczos
    from .linear import as_operator
    from .models import MODELS, build_model
    from .operators import GaussNewtonOperator, HessianOperator, ResidualOperator
    from .parameters import Parameters
    from .products import Plan
    from .quadrature import spectral_density, split_products
    from .recipes import Recipe, recipe_for
    from .traces import (
        Estimate,
        estimate_frobenius_norm,
        estimate_trace,
        frobenius_norm_from,
        trace_from,
    )
    from .training import Trained, train
    from .volume import LogVolume, estimate_log_volume, log_volume_from
    from .weight_files import read_weights
    from .weights import load_weights

__all__ = [
    "INITIALISATIONS",
    "MODELS",
    "BlockDiagonalOperator",
    "ClassDecomposition",
    "ComplementSample",
    "DataSet",
    "Estimate",
    "FisherOperator",
    "GaussNewtonOperator",
    "HessianOperator",
    "Interval",
    "Krylov",
    "Lanczos",
    "LogVolume",
    "Parameters",
    "Plan",
    "Precision",
    "Recipe",
    "ResidualOperator",
    "SpectralDensity",
    "TopEigenvalues",
    "Trained",
    "as_operator",
    "build_model",
    "choose_device",
    "choose_dtype",
    "decompose_classes",
    "estimate_frobenius_norm",
    "estimate_log_volume",
    "estimate_trace",
    "frobenius_norm_from",
    "initialise",
    "load_data",
    "load_weights",
    "log_volume_from",
    "read_checkpoint",
    "read_weights",
    "recipe_for",
    "sample_complement",
    "spectral_density",
    "split_products",
    "top_eigenvalues",
    "trace_from",
    "train",
    "write_checkpoint",
]

if not TYPE_CHECKING:
    __getattr__, __dir__ = attach(
        __name__,
        {
            "INITIALISATIONS": ".initialisation",
            "MODELS": ".models",
            "BlockDiagonalOperator": ".blocks",
            "ClassDecomposition": ".classes",
            "ComplementSample": ".complement",
            "DataSet": ".data",
            "Estimate": ".traces",
            "FisherOperator": ".fisher",
            "GaussNewtonOperator": ".operators",
            "HessianOperator": ".operators",
            "Interval": ".intervals",
            "Krylov": ".krylov",
            "Lanczos": ".lanczos",
            "LogVolume": ".volume",
            "Parameters": ".parameters",
            "Plan": ".products",
            "Precision": ".devices",
            "Recipe": ".recipes",
            "ResidualOperator": ".operators",
            "SpectralDensity": ".density",
            "TopEigenvalues": ".eigenvalues",
            "Trained": ".training",
            "as_operator": ".linear",
            "build_model": ".models",
            "choose_device": ".devices",
            "choose_dtype": ".devices",
            "decompose_classes": ".classes",
            "estimate_frobenius_norm": ".traces",
            "estimate_log_volume": ".volume",
            "estimate_trace": ".traces",
            "frobenius_norm_from": ".traces",
            "initialise": ".initialisation",
            "load_data": ".data",
            "load_weights": ".weights",
            "log_volume_from": ".volume",
            "read_checkpoint": ".checkpoints",
            "read_weights": ".weight_files",
            "recipe_for": ".recipes",
            "sample_complement": ".complement",
            "spectral_density": ".quadrature",
            "split_products": ".quadrature",
            "top_eigenvalues": ".eigenvalues",
            "trace_from": ".traces",
            "train": ".training",
            "write_checkpoint": ".checkpoints",
        },
    )
