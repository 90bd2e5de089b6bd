"""What a profile changes of a check: parameters, tolerances, whether it runs at all."""

from __future__ import annotations

import pytest

from checks.authoring.catalogue import resolve
from checks.profile import CheckOverride, Profile
from checks.spec import CheckSpec
from connectors.errors import ConfigurationError
from connectors.yaml_file import parse_yaml
from tests.checks.shipped_checks import CATALOGUE


def profile_with(**override: object) -> Profile:
    return Profile(checks={"open-deal-past-close-date": CheckOverride.model_validate(override)})


def resolved(profile: Profile, check_id: str = "open-deal-past-close-date") -> CheckSpec:
    return next(spec for spec in resolve(CATALOGUE, profile) if spec.id == check_id)


def test_without_overrides_every_check_is_as_its_file_says():
    assert resolve(CATALOGUE, Profile()) == CATALOGUE.checks


def test_parameters_and_tolerances_of_the_profile_are_in_force():
    spec = resolved(profile_with(params={"grace_days": 7}, tolerance={"t_lo": 0.08, "t_hi": 0.2}))
    assert spec.params == {"grace_days": 7}
    assert (spec.tolerance.t_lo, spec.tolerance.high, spec.tolerance.n_min) == (0.08, 0.2, 30)


def test_a_disabled_check_is_dropped():
    remaining = resolve(CATALOGUE, profile_with(enabled=False))
    assert len(remaining) == len(CATALOGUE.checks) - 1
    assert "open-deal-past-close-date" not in {spec.id for spec in remaining}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ("open-deal-past-closing-date: {}", 'unknown check "open-deal-past-closing-date"'),
        ("open-deal-past-close-date: {params: {grace: 5}}", 'has no parameter "grace"'),
        ("open-deal-past-close-date: {params: {grace_days: five}}", "kind of its default, 3"),
        ("open-deal-past-close-date: {tolerance: {tlo: 0.1}}", 'has no "tlo"'),
        ("open-deal-past-close-date: {tolerance: {t_lo: 2}}", '"t_lo" must be below 1'),
    ],
)
def test_an_override_of_something_that_is_not_there_is_refused_with_its_line(
    changes: str, said: str
):
    document = parse_yaml(f"profile:\n  checks:\n    {changes}\n", "auditor.yaml")
    profile = Profile.model_validate(document.data["profile"])
    with pytest.raises(ConfigurationError) as caught:
        resolve(CATALOGUE, profile, document)
    assert str(caught.value).startswith("auditor.yaml:3: ")
    assert said in str(caught.value)


def test_the_nearest_check_is_suggested():
    document = parse_yaml("profile: {checks: {junk-in-deal: {}}}", "auditor.yaml")
    with pytest.raises(ConfigurationError, match='Did you mean "junk-in-deals"'):
        resolve(CATALOGUE, Profile(checks={"junk-in-deal": CheckOverride()}), document)
