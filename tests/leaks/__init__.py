"""One test for each leak that was found: named after it, so that it stays closed."""
