"""A HubSpot portal on loopback: it lists, batches, searches, links, limits, and misbehaves.

It shares no code with the connector, so that a mistake of one is not a mistake of both.
"""
