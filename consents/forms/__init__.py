"""Forms of sharing. Nothing is chosen beforehand, and "no" is never smaller."""
