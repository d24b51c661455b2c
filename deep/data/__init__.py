"""The data that networks are trained and measured on."""
