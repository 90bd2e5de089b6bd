"""The records behind a check: lists, findings and the money they touch."""
