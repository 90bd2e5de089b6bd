"""A Salesforce org on loopback: it knows its fields, parses SOQL, runs bulk jobs, and misbehaves.

It shares no code with the connector, so that a mistake of one is not a mistake of both.
"""
