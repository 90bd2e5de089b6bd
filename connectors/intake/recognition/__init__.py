"""Which table a file holds, in whose words, and which column feeds which field."""
