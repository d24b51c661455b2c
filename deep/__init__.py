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
    from .landscape.complexity import complexity
    from .landscape.curvature import curvature
    from .landscape.gram import gauss_newton
    from .landscape.learning import learning_coefficient
    from .landscape.lines import line_between
    from .landscape.planes import plane_through
    from .landscape.point import Point
    from .landscape.radius import random_radius
    from .landscape.rescaling import balanced, rescaled
    from .landscape.sublevel import sublevel_log_volume
    from .landscape.volumes import regularised_log_volume, top_log_volume
    from .minima.architectures import build_network
    from .minima.attack import AttackData, Pairs, attack_data, parity_data
    from .minima.ensemble import Ensemble
    from .minima.minimum import Minimum
    from .minima.optimisers import Method
    from .minima.search import PROTOCOLS, Case, Protocol, find_minima
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
    "PROTOCOLS",
    "AttackData",
    "BlockDiagonalOperator",
    "Case",
    "ClassDecomposition",
    "ComplementSample",
    "DataSet",
    "Ensemble",
    "Estimate",
    "FisherOperator",
    "GaussNewtonOperator",
    "HessianOperator",
    "Interval",
    "Krylov",
    "Lanczos",
    "LogVolume",
    "Method",
    "Minimum",
    "Pairs",
    "Parameters",
    "Plan",
    "Point",
    "Precision",
    "Protocol",
    "Recipe",
    "ResidualOperator",
    "SpectralDensity",
    "TopEigenvalues",
    "Trained",
    "alone",
    "as_operator",
    "attack_data",
    "balanced",
    "build_model",
    "build_network",
    "choose_device",
    "choose_dtype",
    "complexity",
    "current_processes",
    "curvature",
    "decompose_classes",
    "estimate_frobenius_norm",
    "estimate_log_volume",
    "estimate_trace",
    "find_minima",
    "frobenius_norm_from",
    "gauss_newton",
    "initialise",
    "learning_coefficient",
    "line_between",
    "load_data",
    "load_weights",
    "log_volume_from",
    "parity_data",
    "plane_through",
    "random_radius",
    "read_checkpoint",
    "read_weights",
    "recipe_for",
    "regularised_log_volume",
    "rescaled",
    "sample_complement",
    "spectral_density",
    "split_products",
    "sublevel_log_volume",
    "top_eigenvalues",
    "top_log_volume",
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
            "PROTOCOLS": ".minima.search",
            "AttackData": ".minima.attack",
            "BlockDiagonalOperator": ".operators.blocks",
            "Case": ".minima.search",
            "ClassDecomposition": ".operators.classes",
            "ComplementSample": ".estimators.complement",
            "DataSet": ".data.sets",
            "Ensemble": ".minima.ensemble",
            "Estimate": ".estimators.traces",
            "FisherOperator": ".operators.fisher",
            "GaussNewtonOperator": ".operators.operators",
            "HessianOperator": ".operators.operators",
            "Interval": ".estimators.intervals",
            "Krylov": ".estimators.krylov",
            "Lanczos": ".estimators.lanczos",
            "LogVolume": ".estimators.volume",
            "Method": ".minima.optimisers",
            "Minimum": ".minima.minimum",
            "Pairs": ".minima.attack",
            "Parameters": ".objective.parameters",
            "Plan": ".products.products",
            "Point": ".landscape.point",
            "Precision": ".devices",
            "Protocol": ".minima.search",
            "Recipe": ".training.recipes",
            "ResidualOperator": ".operators.operators",
            "SpectralDensity": ".estimators.density",
            "TopEigenvalues": ".estimators.eigenvalues",
            "Trained": ".training.training",
            "alone": ".group",
            "as_operator": ".operators.linear",
            "attack_data": ".minima.attack",
            "balanced": ".landscape.rescaling",
            "build_model": ".models",
            "build_network": ".minima.architectures",
            "choose_device": ".devices",
            "choose_dtype": ".devices",
            "complexity": ".landscape.complexity",
            "current_processes": ".group",
            "curvature": ".landscape.curvature",
            "decompose_classes": ".operators.classes",
            "estimate_frobenius_norm": ".estimators.traces",
            "estimate_log_volume": ".estimators.volume",
            "estimate_trace": ".estimators.traces",
            "find_minima": ".minima.search",
            "frobenius_norm_from": ".estimators.traces",
            "gauss_newton": ".landscape.gram",
            "initialise": ".models.initialisation",
            "learning_coefficient": ".landscape.learning",
            "line_between": ".landscape.lines",
            "load_data": ".data.sets",
            "load_weights": ".training.weights",
            "log_volume_from": ".estimators.volume",
            "parity_data": ".minima.attack",
            "plane_through": ".landscape.planes",
            "random_radius": ".landscape.radius",
            "read_checkpoint": ".training.checkpoints",
            "read_weights": ".training.weight_files",
            "recipe_for": ".training.recipes",
            "regularised_log_volume": ".landscape.volumes",
            "rescaled": ".landscape.rescaling",
            "sample_complement": ".estimators.complement",
            "spectral_density": ".estimators.quadrature",
            "split_products": ".estimators.quadrature",
            "sublevel_log_volume": ".landscape.sublevel",
            "top_eigenvalues": ".estimators.eigenvalues",
            "top_log_volume": ".landscape.volumes",
            "trace_from": ".estimators.traces",
            "train": ".training.training",
            "write_checkpoint": ".training.checkpoints",
        },
    )
