"""Evidence: records of runs, what they are bound to, and the status that follows."""
