"""Whole runs: what was asked for, the folder they fill, and how they go on."""
