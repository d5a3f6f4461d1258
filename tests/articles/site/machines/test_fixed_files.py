"""Files at fixed addresses."""

import datetime
import os
import re
import subprocess
import sys

import pytest
from django.utils import timezone

from config.middleware import Permissions
from tests.test_policy import ROOT

pytestmark = pytest.mark.django_db


def fields(client) -> dict[str, str]:
    response = client.get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    return dict(line.split(": ", 1) for line in response.content.decode().splitlines())


def test_security_txt_names_whom_to_tell_until_when(client, settings):
    settings.SECURITY_CONTACT = "mailto:a&b@example.org"
    settings.SECURITY_POLICY_URL = "https://example.org/policy?a=1&b=2"

    said = fields(client)

    assert [*said] == ["Contact", "Expires", "Preferred-Languages", "Canonical", "Policy"]
    assert said["Contact"] == "mailto:a&b@example.org"
    assert said["Policy"] == "https://example.org/policy?a=1&b=2"
    assert said["Canonical"] == "http://testserver/.well-known/security.txt"
    expires = datetime.datetime.fromisoformat(said["Expires"])
    assert datetime.timedelta(days=150) < expires - timezone.now() < datetime.timedelta(days=365)


def test_without_a_page_for_it_no_policy_is_named(client, settings):
    settings.SECURITY_CONTACT = "https://example.org/report"

    assert "Policy" not in fields(client)


def test_without_a_contact_there_is_no_security_txt(client):
    assert client.get("/.well-known/security.txt").status_code == 404


@pytest.mark.once
@pytest.mark.parametrize(
    ("name", "value"),
    [("SECURITY_CONTACT", "security@example.org"), ("SECURITY_CONTACT", "mailto:a b"),
     ("SECURITY_POLICY_URL", "http://example.org/")],
)  # fmt: skip
def test_the_site_does_not_start_with_a_contact_that_is_no_address(name, value):
    run = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=ROOT,
        env={**os.environ, "DEBUG": "1", "ALLOWED_HOSTS": "localhost", name: value},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert re.search(rf"ImproperlyConfigured: {name} is no address\. .+\.$", run.stderr.strip())


@pytest.mark.parametrize("path", ["/", "/robots.txt", "/nothing/", "/desk/sign-in/", "/admin/"])
def test_every_page_denies_what_no_page_uses(client, path):
    policy = client.get(path)["Permissions-Policy"]

    assert {"camera=()", "microphone=()", "geolocation=()", "browsing-topics=()"} <= set(policy.split(", "))
    assert not {"web-share", "clipboard-write", "publickey-credentials-get"} & set(Permissions.DENIED)
