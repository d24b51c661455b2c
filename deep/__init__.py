"""Deep networks in PyTorch: this layer holds no public name yet."""

__all__: list[str] = []
