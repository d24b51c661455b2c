"""Minima that differ in how well they generalise, at one and the same training loss."""
