"""Products with curvature matrices, recorded once and replayed."""
