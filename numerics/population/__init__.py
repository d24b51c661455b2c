"""Population losses of teacher and student under Gaussian inputs, and certificates."""
