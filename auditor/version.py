"""The version of the program, as installed."""

from __future__ import annotations


def tool_version() -> str:
    """Return the version of the installed distribution."""
    from importlib.metadata import version

    return version("crm-auditor")
