"""The networks that users name: ours, those of other packages, and their own."""

from .build import MODELS, build_model

__all__ = ["MODELS", "build_model"]
