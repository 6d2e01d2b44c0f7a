"""How often one client may ask."""

from django.conf import settings
from rest_framework.throttling import SimpleRateThrottle

from aioffice.proxies import client_address


class PerClient(SimpleRateThrottle):
    """At most API_RATE requests from one network address; no limit where that is empty."""

    def get_rate(self):
        return settings.API_RATE or None

    def get_cache_key(self, request, view):
        return f"api-rate-{client_address(request)}"
