"""Eigenvalues, densities, traces and volumes of any symmetric operator, with errors."""
