"""Deep networks in PyTorch: their Hessians through products, with error bounds."""

from typing import TYPE_CHECKING

from .._lazy import attach

if TYPE_CHECKING:
    from .data.sets import DataSet, load_data
    from .devices import Precision, choose_device, choose_dtype
    from .estimators.complement import ComplementSample, sample_complement
    from .estimators.density import SpectralDensity
    from .estimators.eigenvalues import TopEigenvalues, top_eigenvalues
    from .estimators.intervals import Interval
    from .estimators.krylov import Krylov
    from .estimators.lanczos import Lanczos
    from .estimators.quadrature import spectral_density, split_products
    from .estimators.traces import (
        Estimate,
        estimate_frobenius_norm,
        estimate_trace,
        frobenius_norm_from,
        trace_from,
    )
    from .estimators.volume import LogVolume, estimate_log_volume, log_volume_from
    from .group import alone, current_processes
    from .models import MODELS, build_model
    from .models.initialisation import INITIALISATIONS, initialise
    from .objective.parameters import Parameters
    from .operators.blocks import BlockDiagonalOperator
    from .operators.classes import ClassDecomposition, decompose_classes
    from .operators.fisher import FisherOperator
    from .operators.linear import as_operator
    from .operators.operators import (
        GaussNewtonOperator,
        HessianOperator,
        ResidualOperator,
    )
    from .products.products import Plan
    from .training.checkpoints import read_checkpoint, write_checkpoint
    from .training.recipes import Recipe, recipe_for
    from .training.training import Trained, train
    from .training.weight_files import read_weights
    from .training.weights import load_weights

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
    "alone",
    "as_operator",
    "build_model",
    "choose_device",
    "choose_dtype",
    "current_processes",
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
            "INITIALISATIONS": ".models.initialisation",
            "MODELS": ".models",
            "BlockDiagonalOperator": ".operators.blocks",
            "ClassDecomposition": ".operators.classes",
            "ComplementSample": ".estimators.complement",
            "DataSet": ".data.sets",
            "Estimate": ".estimators.traces",
            "FisherOperator": ".operators.fisher",
            "GaussNewtonOperator": ".operators.operators",
            "HessianOperator": ".operators.operators",
            "Interval": ".estimators.intervals",
            "Krylov": ".estimators.krylov",
            "Lanczos": ".estimators.lanczos",
            "LogVolume": ".estimators.volume",
            "Parameters": ".objective.parameters",
            "Plan": ".products.products",
            "Precision": ".devices",
            "Recipe": ".training.recipes",
            "ResidualOperator": ".operators.operators",
            "SpectralDensity": ".estimators.density",
            "TopEigenvalues": ".estimators.eigenvalues",
            "Trained": ".training.training",
            "alone": ".group",
            "as_operator": ".operators.linear",
            "build_model": ".models",
            "choose_device": ".devices",
            "choose_dtype": ".devices",
            "current_processes": ".group",
            "decompose_classes": ".operators.classes",
            "estimate_frobenius_norm": ".estimators.traces",
            "estimate_log_volume": ".estimators.volume",
            "estimate_trace": ".estimators.traces",
            "frobenius_norm_from": ".estimators.traces",
            "initialise": ".models.initialisation",
            "load_data": ".data.sets",
            "load_weights": ".training.weights",
            "log_volume_from": ".estimators.volume",
            "read_checkpoint": ".training.checkpoints",
            "read_weights": ".training.weight_files",
            "recipe_for": ".training.recipes",
            "sample_complement": ".estimators.complement",
            "spectral_density": ".estimators.quadrature",
            "split_products": ".estimators.quadrature",
            "top_eigenvalues": ".estimators.eigenvalues",
            "trace_from": ".estimators.traces",
            "train": ".training.training",
            "write_checkpoint": ".training.checkpoints",
        },
    )
