"""The falsifier: a conjecture goes in, a certified counterexample or a record comes out.

Floats search and nominate, the referee in `balls` decides: a conjecture is called
refuted only where the balls of its two sides separate, or exact rationals differ, at a
rational instance that certainly meets every assumption.
"""
