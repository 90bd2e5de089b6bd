"""From tables of text to typed canonical tables, whatever brought the text."""
