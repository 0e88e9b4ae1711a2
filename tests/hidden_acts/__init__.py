"""A world with hidden acts looks to a reader like the same world without them."""
