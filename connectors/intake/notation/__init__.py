"""How a column writes its dates and its numbers."""
