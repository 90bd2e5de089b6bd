"""How random scripts of faults are tried, whatever service they befall."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

#: The same scripts every time, and no clock over them: a fault may take its time.
ANY_SCRIPT = settings(
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
