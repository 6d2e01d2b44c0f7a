"""How often one client may ask."""

from django.conf import settings
from rest_framework.throttling import SimpleRateThrottle

from aioffice.proxies import client_address
from units.resolve import copied_moment


class PerClient(SimpleRateThrottle):
    """At most API_RATE requests from one network address; no limit where that is empty, or for a copy."""

    def get_rate(self):
        return None if copied_moment() else settings.API_RATE or None

    def get_cache_key(self, request, view):
        return f"api-rate-{client_address(request)}"
