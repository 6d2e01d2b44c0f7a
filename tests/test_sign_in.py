"""Signing in: no guessing, no lasting lock-out, no long sessions, and a second factor where it is wanted."""

from datetime import date, timedelta
from io import StringIO
from urllib.parse import parse_qs, urlsplit

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from aioffice import settings as ours
from tests.editing import form_of, publication, row, save, start
from tests.test_pages import text_of
from tests.test_settings import PUBLIC, run_in
from units import drafts, trees
from units.models import Edition, History, Unit
from units.models.history import acting

PASSWORD = "a made-up pass phrase"  # noqa: S105 (made up)
LOGIN = "/admin/login/?next=/admin/"


@pytest.fixture
def account(db):
    return get_user_model().objects.create_user("writer", password=PASSWORD, is_staff=True)


def sign_in(client, password=PASSWORD, address="192.0.2.1", **more):
    sent = {"username": "writer", "password": password, **more}
    return client.post(LOGIN, sent, REMOTE_ADDR=address)


def test_after_five_failures_an_account_waits_at_that_address_and_nowhere_else(client, account, caplog):
    for _ in range(4):
        assert sign_in(client, "wrong guess").status_code == 200
    answer = sign_in(client, "wrong guess")
    assert answer.status_code == 429
    assert "Try again in 15 minutes" in text_of(answer)
    assert answer.headers["Retry-After"] == "900"
    assert sign_in(client).status_code == 429
    assert sign_in(client, address="192.0.2.2").status_code == 302
    assert "wrong guess" not in caplog.text
    assert "wrong guess" not in str(list(AccessAttempt.objects.values()))


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example", "javascript:alert(1)", "/\\e"]
)
def test_signing_in_leads_to_no_other_site_and_keeps_no_session_that_was_brought(client, account, elsewhere):
    client.cookies["sessionid"] = "chosen-by-somebody-else-1234567"
    sent = {"username": "writer", "password": PASSWORD, "next": elsewhere}
    assert client.post("/admin/login/", sent).url == "/admin/"
    assert client.cookies["sessionid"].value != "chosen-by-somebody-else-1234567"
    assert Session.objects.count() == 1


def test_attempts_while_locked_out_do_not_prolong_it(client, account):
    for _ in range(5):
        sign_in(client, "wrong")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    assert sign_in(client, "wrong").status_code == 429
    AccessAttempt.objects.update(attempt_time=AccessAttempt.objects.get().attempt_time - timedelta(minutes=2))
    assert sign_in(client).status_code == 302


def test_another_account_at_the_same_address_is_not_locked_out(client, account):
    get_user_model().objects.create_user("colleague", password=PASSWORD, is_staff=True)
    for _ in range(6):
        sign_in(client, "wrong")
    assert sign_in(client, username="colleague").status_code == 302


def test_a_session_ends_eight_hours_after_signing_in_whatever_is_done(client, account):
    sign_in(client)
    session = Session.objects.get()
    assert timedelta(hours=7, minutes=59) < session.expire_date - timezone.now() <= timedelta(hours=8)
    stored = client.session
    stored["draft"] = 1
    stored.save()
    assert Session.objects.get().expire_date == session.expire_date


def test_a_sign_in_that_fails_does_not_prolong_the_session_that_is_open(client, account):
    sign_in(client)
    stored = client.session
    stored.set_expiry(timezone.now() + timedelta(hours=1))
    stored.save()
    sign_in(client, "wrong")
    assert Session.objects.get().expire_date < timezone.now() + timedelta(hours=2)


def test_the_cookies_of_editors_are_strict(client, account):
    cookies = sign_in(client).cookies
    for name in ("sessionid", "csrftoken"):
        assert cookies[name]["samesite"] == "Strict"
        assert cookies[name]["httponly"]


def test_on_https_cookies_are_bound_to_the_host(db):
    code = "from django.conf import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME)"
    said = run_in(PUBLIC, code)
    assert said.split() == ["__Host-sessionid", "__Host-csrftoken"]


def test_passwords_are_kept_with_argon2_and_old_ones_still_open(client, account):
    assert ours.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    assert account.password.startswith("argon2$")
    account.password = make_password(PASSWORD, hasher="pbkdf2_sha256")
    account.save()
    assert sign_in(client).status_code == 302
    account.refresh_from_db()
    assert account.password.startswith("argon2$")


@pytest.fixture
def second_factor(settings, account):
    """The second factor is switched on; gives a function that says the code of now."""
    settings.SECOND_FACTOR = True
    call_command("second_factor", "writer", stdout=StringIO())
    device = TOTPDevice.objects.get()
    return lambda: f"{totp(device.bin_key):06d}"


def test_where_a_second_factor_is_wanted_the_password_alone_does_not_open(client, second_factor):
    assert "Code from your authenticator" in text_of(client.get(LOGIN))
    for code in ("", "000000", "x"):
        assert sign_in(client, code=code).status_code == 200
        TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert client.get("/admin/").status_code == 302
    code = second_factor()
    assert sign_in(client, code=f"{code[:3]} {code[3:]}").status_code == 302
    assert client.get("/admin/").status_code == 200


def test_wrong_codes_lock_as_wrong_passwords_do(client, second_factor):
    answers = [sign_in(client, code="000000").status_code for _ in range(5)]
    assert answers == [200, 200, 200, 200, 429]


def test_a_code_opens_once(client, second_factor):
    code = second_factor()
    sign_in(client, code=code)
    client.logout()
    assert sign_in(client, code=code).status_code == 200


def test_who_signed_in_before_it_was_switched_on_is_a_stranger(client, settings, office, second_factor):
    user = get_user_model().objects.get()
    user.is_superuser = True
    user.save()
    draft = drafts.start(office.edition)
    client.force_login(user)
    for address in ("/admin/", f"/editions/{draft.identifier}/"):
        assert client.get(address).status_code in (302, 404)
    settings.SECOND_FACTOR = False
    assert client.get(f"/editions/{draft.identifier}/").status_code == 200


def test_the_command_prints_what_an_authenticator_takes_and_takes_it_away(account):
    out = StringIO()
    call_command("second_factor", "writer", stdout=out)
    [address] = [line for line in out.getvalue().splitlines() if line.startswith("otpauth://totp/")]
    assert parse_qs(urlsplit(address).query)["issuer"] == ["AI Office directory"]
    call_command("second_factor", "writer", stdout=out)
    assert TOTPDevice.objects.count() == 1
    call_command("second_factor", "writer", "--remove", stdout=out)
    assert not TOTPDevice.objects.exists()
    with pytest.raises(CommandError, match="There is no account nobody"):
        call_command("second_factor", "nobody")


def test_where_a_second_person_approves_whoever_changed_a_draft_last_cannot_publish_it(editor, settings):
    settings.SECOND_PERSON_APPROVES = True
    draft = start(editor)
    save(editor, row(Unit, draft, "left"), name="West unit")
    answer, page = publication(editor, draft)
    assert "Somebody else who may publish has to look" in text_of(page)
    assert "Somebody else has to look at it and publish it" in text_of(answer)
    assert Edition.objects.drafts().get() == draft
    first = get_user_model().objects.get()
    editor.force_login(get_user_model().objects.create_superuser("second"))
    answer, page = publication(editor, draft)
    assert "Published as edition" in text_of(answer)
    steps = History.objects.filter(kind="published").first().what
    assert steps[0] == {"did": "approved", "key": first.pk}


def test_where_a_second_person_approves_a_quick_correction_stays_a_draft(editor, settings):
    settings.SECOND_PERSON_APPROVES = True
    address, data = form_of(editor, reverse("admin:units_unit_edit", args=["left"]))
    answer = editor.post(address, data | {"name": "West unit", "_publish": "1"})
    draft = Edition.objects.drafts().get()
    assert answer.url == reverse("admin:units_edition_publish", args=[draft.pk])


def test_a_change_after_the_approvers_own_look_needs_a_look_again(draft, settings):
    settings.SECOND_PERSON_APPROVES = True
    with acting(by=2):
        trees.change(draft, "left", {"name": "West unit"})
    assert drafts.needs_another(draft, 2)
    assert not drafts.needs_another(draft, 3)
    with acting(by=3):
        trees.change(draft, "left", {"name": "East unit"})
    with pytest.raises(drafts.SecondPersonError):
        drafts.publish_on(draft, date(2025, 1, 1), title="T", note="", by=3)
