"""The checks that look at one record at a time: one scan a table."""
