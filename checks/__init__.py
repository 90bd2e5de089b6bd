"""Measure a snapshot of a CRM and judge the four signals of failure."""
