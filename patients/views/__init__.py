"""Thin: open, form, one action, redirect."""
