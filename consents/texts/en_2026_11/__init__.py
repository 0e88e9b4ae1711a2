"""English wording of November 2026. Awaiting review by counsel.

A wording that anyone signed never changes: write a new package and register it.
"""
