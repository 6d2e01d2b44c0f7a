"""Signing in: for a working day, not by guessing, and with a second factor where that is switched on."""

from django import forms
from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.signals import user_login_failed
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp import match_token


class SecondFactorForm(AdminAuthenticationForm):
    """Name, password, and the code that an authenticator shows."""

    error_messages = AdminAuthenticationForm.error_messages | {
        "invalid_login": gettext_lazy(
            "The username, the password or the code is not right. Wait for the next code, then try again."
        )
    }
    code = forms.CharField(
        label=gettext_lazy("Code from your authenticator"),
        max_length=10,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )

    def confirm_login_allowed(self, user):
        """Refuse a wrong code in the words of a wrong password: which was right is nobody's business."""
        super().confirm_login_allowed(user)
        user.otp_device = match_token(user, self.data.get("code", "").replace(" ", ""))
        if user.otp_device is None:
            # Counted like a wrong password, else the lock would tell which of the two was right.
            credentials = {"username": user.get_username()}
            user_login_failed.send(__name__, credentials=credentials, request=self.request)
            raise self.get_invalid_login_error()


class Site(AdminSite):
    """The admin; a session ends a fixed time after signing in, whatever is done in it."""

    login_template = "admin/sign_in.html"

    @property
    def login_form(self):
        return SecondFactorForm if settings.SECOND_FACTOR else AdminAuthenticationForm

    def login(self, request, extra_context=None):
        response = super().login(request, extra_context)
        if request.method == "POST" and response.status_code == 302:  # not where a sign-in failed
            request.session.set_expiry(timezone.now() + settings.SIGNED_IN_FOR)
        return response


def only_with_second_factor(get_response):
    """Take whoever has signed in without the second factor, before it was switched on, for a stranger."""

    def middleware(request):
        if settings.SECOND_FACTOR:
            user = request.user
            request.user = SimpleLazyObject(lambda: user if user.is_verified() else AnonymousUser())
        return get_response(request)

    return middleware


def locked_out(request, original_response=None, credentials=None):
    """Answer 429 to somebody who has failed too often."""
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    sentence = _("Too many attempts to sign in as this account from here. Try again in %(minutes)s minutes.")
    context = {"title": _("Try again later"), "sentence": sentence % {"minutes": minutes}, "status": 429}
    response = render(request, "error.html", context, status=429)
    response.headers["Retry-After"] = str(minutes * 60)
    return response
