"""What hubspot-api-client knows: the paths and the parameters. Sending is ours alone.

The library has no timeout, opens connections anew and builds slow models; but it knows where each
thing is asked for. So its ``api_factory`` gives it a transport that sends nothing and hands back
the request, which then leaves through our session like every other one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from hubspot import Client

#: Generations of paths: v3 and v4 end in 2027, those with a date follow them.
Paths = Literal["v3", "2026-03"]

_VERSIONED = re.compile(r"/(crm|account-info|crm-object-schemas)/v[34]/([a-z]+)(/?)(.*)")


@dataclass(frozen=True)
class Asked:
    """A request that the library made up.

    Attributes:
        method: The verb.
        path: From the root of the host on.
        params: The query.
        body: What is sent, as data.
        form: What is sent as a form; holds secrets, so it is not shown.
    """

    method: str
    path: str
    params: dict[str, str] = field(default_factory=dict)
    body: Any = None
    form: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def after(self) -> str:
        """Where a list was asked to go on; empty at its beginning."""
        within = self.body if isinstance(self.body, dict) else {}
        return str(self.params.get("after") or within.get("after") or "")


class _Composer:
    """Stands where the library has its connections."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths

    def GET(self, url: str, **sent: Any) -> Asked:  # noqa: N802 - the library's name for it
        return self._asked("GET", url, **sent)

    def POST(self, url: str, **sent: Any) -> Asked:  # noqa: N802 - the library's name for it
        return self._asked("POST", url, **sent)

    def _asked(self, method: str, url: str, **sent: Any) -> Asked:
        return Asked(
            method,
            in_generation(url, self._paths),
            {name: _text(value) for name, value in sent.get("query_params") or ()},
            sent.get("body"),
            dict(sent.get("post_params") or ()),
        )


def in_generation(path: str, paths: Paths) -> str:
    """Return a path of the library in another generation of paths.

    Args:
        path: As the library writes it, for example ``/crm/v3/owners/``.
        paths: The generation.
    """
    versioned = _VERSIONED.fullmatch(path)
    if versioned is None or paths == "v3":
        return path
    family, room, slash, rest = versioned.groups()
    # Others than the CRM have their versions first and their rooms after them, also with a date.
    parts = [family, room, paths] if family == "crm" else [family, paths, room]
    return "/" + "/".join([*parts, *([rest] if slash and rest else [])])


@cache
def library(paths: Paths) -> Client:
    """Return the library, as a maker of requests.

    Args:
        paths: Generation of paths.
    """
    from hubspot import Client

    made: dict[tuple[str, str], Any] = {}

    def api(package: Any, name: str, config: dict[str, Any]) -> Any:
        key = (package.__name__, name)
        if key not in made:
            client = package.ApiClient(package.Configuration(host=""))
            client.rest_client = _Composer(paths)
            made[key] = getattr(package, name)(api_client=client)
        return made[key]

    return Client.create(api_factory=api, retry=False)


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
