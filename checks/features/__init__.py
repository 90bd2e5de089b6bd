"""Columns derived from the canonical ones, each defined once in SQL, and how they are composed."""
