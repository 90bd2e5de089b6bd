"""The words of invented companies: their own, shared with no check."""
