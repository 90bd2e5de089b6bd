"""From tables of text to typed canonical tables, with every value accounted for."""
