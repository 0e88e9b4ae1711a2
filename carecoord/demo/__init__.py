"""A small world to look at: invented people, a believable half-year.

Everything in it was done through the real actions, at the times it pretends to, with
the outbox swept in between. It exists only in the embedded default.
"""
