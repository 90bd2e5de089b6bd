"""A Salesforce org as a source of records, read and never written."""
