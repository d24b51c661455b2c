"""What the loss of one network looks like around its weights."""
