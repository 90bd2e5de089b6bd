"""Errors as HubSpot words them."""

from __future__ import annotations

from typing import Any


class HubSpotFakeError(Exception):
    """An answer that is an error.

    Args:
        status: Status code.
        category: HubSpot's own word.
        message: Text.
        more: What the body holds besides.
    """

    def __init__(self, status: int, category: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.category, self.message, self.more = status, category, message, more

    def body(self) -> dict[str, Any]:
        """Return the body."""
        return {
            "status": "error",
            "message": self.message,
            "correlationId": "00000000-0000-0000-0000-000000000000",
            "category": self.category,
            **self.more,
        }


def missing_scopes(scopes: list[str], shape: str) -> HubSpotFakeError:
    """Return the refusal of a call for lack of scopes, in one of its three shapes."""
    told = {"context": {shape: scopes}, "message": "One or more of the following are required."}
    more = {"context": {shape: scopes}} if shape == "missingScopes" else {"errors": [told]}
    text = (
        "This app hasn't been granted all required scopes to make this call. Read more about"
        " required scopes here: https://developers.hubspot.com/scopes."
    )
    return HubSpotFakeError(403, "MISSING_SCOPES", text, **more)
