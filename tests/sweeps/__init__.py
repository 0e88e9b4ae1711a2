"""Tests that list the system and fail when something is not accounted for."""
