"""Pages of sharing, by noun. Thin: open, form, one action, redirect."""
