"""Pull a CRM's records, read-only, into one canonical model."""
