"""Servers that answer as live services do, on loopback, for tests and demonstrations."""
