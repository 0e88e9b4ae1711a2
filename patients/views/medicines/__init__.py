"""Pages of the medicine list; one module a task."""
