"""The loss of all data as a function of θ, in micro-batches, and its derivatives."""
