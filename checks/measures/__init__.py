"""Measures that no row-by-row predicate can express."""
