"""What the operator sets: the environment, easel.toml, the engines, and what is wrong with them."""
