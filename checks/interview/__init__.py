"""Twelve closed questions for what no export shows, and the answers that people gave."""
