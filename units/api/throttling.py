"""How often one client may ask."""

from django.conf import settings
from rest_framework.throttling import SimpleRateThrottle


class PerClient(SimpleRateThrottle):
    """At most API_RATE requests from one network address; no limit where that is empty."""

    def get_rate(self):
        return settings.API_RATE or None

    def get_cache_key(self, request, view):
        # Whatever a client writes into X-Forwarded-For, it is told apart by where it really comes from.
        return f"api-rate-{request.META.get('REMOTE_ADDR', '')}"
