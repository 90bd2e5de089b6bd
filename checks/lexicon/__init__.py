"""Word lists, and the values that are no answers."""
