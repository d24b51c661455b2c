"""A record of deep-spectrum, made by hand."""

from typing import Any

__all__ = ["spectrum_record"]


def spectrum_record(**changed: Any) -> dict[str, Any]:
    """One eigenvalue of two converged; with something changed."""
    row = {"residual": 1e-7, "noise": 1e-8, "tolerance": 1e-3}
    record: dict[str, Any] = {
        "command": "deep-spectrum",
        "version": "1.2.3",
        "seed": 7,
        "settings": {"operator": "hessian", "which": "LM", "k": 2, "dtype": "float32"},
        "network": {
            "model": "mlp",
            "data": "digits",
            "p": 1234,
            "n_used": 90,
            "n_total": 100,
            "dtype": "float32",
            "device": "cpu",
        },
        "training": {"epochs": 3},
        "point": {
            "loss": 0.5,
            "accuracy": 0.75,
            "gradient_norm": 0.1,
            "largest_eigenvalue": 2.0,
            "gain": 0.0025,
        },
        "eigenvalues": [
            {"value": 2.0, "bound": 1e-7, "converged": True, **row},
            {"value": -1.0, "bound": 0.3, "converged": False, **row},
        ],
        "trace": {"value": 5.0, "lower": 4.5, "upper": 5.5, "level": 0.95},
        "products": {"eigenvalues": 20, "verification": 2, "total": 22},
        "notices": ["a notice"],
    }
    return record | changed
