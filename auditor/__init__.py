"""Conduct an audit from the command line."""
