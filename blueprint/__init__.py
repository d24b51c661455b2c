"""The blueprint: theorems, what they rest on and their evidence, as one HTML page."""
