"""Training, and the files that hold what it makes."""
