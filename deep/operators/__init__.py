"""Curvature matrices as symmetric linear operators."""
