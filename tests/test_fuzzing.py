"""No request, however bent, makes a fault of ours, or keeps a server busy: no answer is a 5xx, or late."""

import logging
import time
import traceback

import pytest
from django.conf import settings as ours
from django.db import transaction
from django.test import Client

from aioffice.wsgi import Handler
from tests import fuzzing, permissions
from tests.conftest import LENGTH
from tests.permissions import ROLES
from tests.test_permissions import keys  # noqa: F401 (a fixture)
from tests.test_roles import account, house  # noqa: F401 (a fixture)

PARTS, REQUESTS = (24, 60_000) if LENGTH > 1 else (2, 800)
MOST_SHOWN = 10
# Seconds of work, and of the clock: on a machine that does much else the second says little.
MOST_WORK, LATEST = 3, 60


@pytest.fixture
def site():
    """The site without its log, which would be long."""
    site = fuzzing.Site(Handler())
    logging.disable(logging.CRITICAL)
    yield site
    logging.disable(logging.NOTSET)
    site.close()


def cookie_of(role):
    client = Client()
    client.force_login(account(role))
    return (
        f"{ours.SESSION_COOKIE_NAME}={client.cookies[ours.SESSION_COOKIE_NAME].value}; csrftoken={'c' * 32}"
    )


@pytest.mark.parametrize("part", range(PARTS))
def test_no_request_makes_a_fault_of_ours(site, keys, part, settings):  # noqa: F811 (a fixture)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a quick one
    addresses = list(permissions.rows(keys).items())
    superuser = cookie_of("superuser")
    cookies = ["", f"csrftoken={'c' * 32}", *(cookie_of(role) for role in ROLES[2:5]), *[superuser] * 5]
    forms = fuzzing.forms_of(
        site, [address for address, (_, sent) in addresses if sent[-1] != 405], superuser
    )
    faults = {}
    for number in range(part, REQUESTS, PARTS):
        environ = fuzzing.a_request(number, addresses, cookies, forms)
        with transaction.atomic():
            begun, at_work = time.monotonic(), time.thread_time()
            status, _body = site.ask(environ)
            took, work = time.monotonic() - begun, time.thread_time() - at_work
            transaction.set_rollback(True)
        if status >= 500 or work > MOST_WORK or took > LATEST:
            trace = traceback.format_exception(site.broken)[-6:] if site.broken else ["", ""]
            when = f"{status} after {work:.1f} s of work, {took:.1f} s in all"
            what = f"request {number}: {when}\n{fuzzing.told(environ)}\n{''.join(trace)}"
            faults.setdefault(trace[-2] or environ["PATH_INFO"], what)
    assert not faults, "\n\n".join(list(faults.values())[:MOST_SHOWN])


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/admin/units/history/?_facets=1", {}),
        (
            "/admin/units/appointment/add/",
            {"post": "head", "person": "nobody", "new_name": "Ada", "source": "S"},
        ),
    ],
)
def test_what_bent_requests_broke_once_is_mended(admin_client, house, address, sent):  # noqa: F811 (a fixture)
    assert (admin_client.post(address, sent) if sent else admin_client.get(address)).status_code == 200
