"""English wording of November 26, 2026. Awaiting review by counsel.

Whoever signs for a patient signs in words of their own: "I" is who signs, and the
patient is called the patient. What the patient signs stays as it was in `en_2026_11`.
A wording that anyone signed never changes: write a new package and register it.
"""
