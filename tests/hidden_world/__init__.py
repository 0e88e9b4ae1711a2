"""A world with hidden things is, to whoever may not see them, the world without."""
