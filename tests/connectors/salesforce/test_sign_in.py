"""Every way to sign in, and what is said when it is refused."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from auditor.config import load_configuration
from connectors.errors import ConfigurationError, PermissionDeniedError, SourceUnreachableError
from connectors.http.log import RequestLog
from connectors.http.quota import Meter, Quota
from connectors.http.secrets import read_secret
from connectors.record_links import record_url
from connectors.salesforce.answers import usage_of
from connectors.salesforce.org import Org
from connectors.salesforce.settings import SalesforceSource
from tests.connectors.clocks import Skipping
from tests.connectors.salesforce.pulling import connector
from tests.fakes.salesforce.process import RunningOrg, running
from tests.fakes.salesforce.tokens import CONSUMER_KEY, CONSUMER_SECRET, GIVEN_TOKEN, USER


def private_key() -> tuple[str, str]:
    """Return a key and what the app knows of it, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return pem.decode(), public.decode()


KEY, CERTIFICATE = private_key()
APP = {"sign_in": "client-credentials", "consumer_key": CONSUMER_KEY}
SIGNED = {"sign_in": "jwt", "consumer_key": CONSUMER_KEY, "user": USER}


@pytest.fixture(scope="module")
def shared_org(files: Path) -> Iterator[RunningOrg]:
    """An org that knows a certificate."""
    with running(files, public_key=CERTIFICATE) as org:
        yield org


def limits(org: RunningOrg, secret: str, **changes: object) -> dict[str, object]:
    """Sign in and ask for the limits."""
    source = connector(org, Path(), secret=secret, **changes)  # type: ignore[arg-type]
    meter = Meter(Quota(), usage_of, "Salesforce")
    return Org(source.session(Skipping(), RequestLog(), meter), "62.0").limits()


@pytest.mark.parametrize(
    ("way", "secret"),
    [({}, GIVEN_TOKEN), (APP, CONSUMER_SECRET), (SIGNED, KEY)],
    ids=["access token", "client credentials", "signed token"],
)
def test_each_way_signs_in(way: dict[str, str], secret: str, org: RunningOrg) -> None:
    assert "DailyApiRequests" in limits(org, secret, **way)


@pytest.mark.parametrize(
    ("way", "secret", "sentence"),
    [
        (APP, "wrong", "the consumer key or the secret is not accepted"),
        (APP | {"consumer_key": "3MVG9other"}, CONSUMER_SECRET, "key is not known to this org"),
        (SIGNED, private_key()[0], "does not fit the certificate"),
        (SIGNED, "no key at all", "the private key cannot be read"),
        (SIGNED | {"user": "x@example.test"}, KEY, "has not been admitted"),
        (SIGNED | {"sandbox": True}, KEY, "meant for another kind of org"),
        ({}, "00DKz!stale", "not accepted or has expired"),
    ],
)
def test_a_refusal_says_what_to_do(
    way: dict[str, str], secret: str, sentence: str, org: RunningOrg
) -> None:
    with pytest.raises(PermissionDeniedError, match=sentence) as refused:
        limits(org, secret, **way)
    assert refused.value.next_step
    assert secret not in str(refused.value)


def test_an_org_that_is_not_there_is_said(org: RunningOrg) -> None:
    for way, secret in (({}, GIVEN_TOKEN), (APP, CONSUMER_SECRET)):
        with pytest.raises(SourceUnreachableError, match="cannot be reached"):
            limits(org, secret, host="http://127.0.0.1:1", **way)


def test_secrets_come_from_their_places(tmp_path: Path) -> None:
    assert read_secret("env:KEY", {"KEY": " abc\n"}, tmp_path) == "abc"
    file = tmp_path / "key.pem"
    file.write_text(KEY, encoding="utf-8")
    file.chmod(0o600)
    assert read_secret("file:key.pem", {}, tmp_path) == KEY.strip()
    file.chmod(0o640)
    with pytest.raises(ConfigurationError, match=r"mode 640.*chmod 600"):
        read_secret("file:key.pem", {}, tmp_path)
    for place in ("env:NONE", "file:none"):
        with pytest.raises(ConfigurationError, match=r"not set|cannot be read"):
            read_secret(place, dict(os.environ), tmp_path)


@pytest.mark.parametrize(
    ("lines", "complaint"),
    [
        ("secret: S3cr3tValue", "a secret does not belong into this file"),
        ("secret: env:X\n    password: hunter2", "ends for all in summer 2027"),
        ("secret: env:X\n    sandbx: true", 'Did you mean "sandbox"'),
        ("secret: env:X\n    sign_in: jwt", "user is missing for sign_in: jwt"),
        ("secret: env:X\n    host: not a host", "is no host of an org"),
    ],
)
def test_settings_are_read_strictly(lines: str, complaint: str, tmp_path: Path) -> None:
    defaults = {"host": "acme.my.salesforce.com", "sign_in": "client-credentials"}
    kept = [f"    {k}: {v}\n" for k, v in defaults.items() if f"{k}:" not in lines]
    text = f"sources:\n  prod:\n    system: salesforce\n{''.join(kept)}"
    text += f"    consumer_key: abc\n    {lines}\n"
    file = tmp_path / "auditor.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigurationError) as refused:
        load_configuration(file)
    assert complaint in str(refused.value)
    assert "S3cr3tValue" not in str(refused.value)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("acme.my.salesforce.com", "https://acme.my.salesforce.com"),
        ("https://ACME.my.salesforce.com/", "https://acme.my.salesforce.com"),
        ("acme--dev.sandbox.my.salesforce.com", "https://acme--dev.sandbox.my.salesforce.com"),
        ("acme.lightning.force.com", "https://acme.my.salesforce.com"),
        ("acme.my.salesforce.mil", "https://acme.my.salesforce.mil"),
    ],
)
def test_hosts_are_taken_as_people_write_them(host: str, origin: str, tmp_path: Path) -> None:
    file = tmp_path / "auditor.yaml"
    file.write_text(
        "sources:\n  prod:\n    system: salesforce\n    sign_in: access-token\n"
        f"    secret: env:X\n    host: {host}\n",
        encoding="utf-8",
    )
    assert load_configuration(file).live("prod", SalesforceSource, "Salesforce").host == origin


def test_records_have_addresses_on_the_host_of_the_org() -> None:
    host = "https://acme.my.salesforce.com"
    assert record_url(host, "deals", "006Kz0000000001AAA") == (
        "https://acme.lightning.force.com/lightning/r/Opportunity/006Kz0000000001AAA/view"
    )
    assert str(record_url(host, "activities", "00UKz0000000001AAA")).count("/Event/") == 1
    assert record_url(host, "stages", "01JKz0000000001AAA") is None
    assert record_url(host, "deals", "javascript:alert(1)") is None
