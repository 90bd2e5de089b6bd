"""Check files: read, vetted, rehearsed on their own examples, and documented."""
