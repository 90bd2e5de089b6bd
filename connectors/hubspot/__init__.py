"""A HubSpot portal as a source of records, read and never written."""
