"""Population losses of teacher and student under Gaussian inputs, in closed form."""
