"""When people work on their deals, and whether a weekly review can be seen in it."""
