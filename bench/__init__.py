"""Measures the program against plain loading and against validators, in whole processes."""
