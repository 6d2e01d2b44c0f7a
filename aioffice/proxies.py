"""Who asks, where proxies stand in between: those that the operator named are believed, and nobody else."""

import functools
import ipaddress
import re

from django.conf import settings

# A port that some proxies add, and the brackets that IPv6 then needs.
WITH_PORT = re.compile(r"^\[(.*)\](?::\d+)?$|^([\d.]+):\d+$")
UNKNOWN = "0.0.0.0"  # noqa: S104 (an address to count by, not one to listen on)
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_FORWARDED")


def only_from_trusted_proxies(get_response):
    """Take from a request what proxies add, where it does not come from a trusted one.

    So a stranger who reaches the server past the proxy can't claim to have come by TLS, or from elsewhere.
    """

    def middleware(request):
        if not is_trusted(request.META.get("REMOTE_ADDR", "")):
            for name in FORWARDED:
                request.META.pop(name, None)
        return get_response(request)

    return middleware


def compare_weakly(get_response):
    """Let an ETag that came back weakened be as good as ours: proxies that compress weaken them."""

    def middleware(request):
        if "HTTP_IF_NONE_MATCH" in request.META:
            request.META["HTTP_IF_NONE_MATCH"] = request.META["HTTP_IF_NONE_MATCH"].replace('W/"', '"')
        return get_response(request)

    return middleware


def client_address(request):
    """Return the network address that requests are counted by; of IPv6 the network of 64 bits.

    From the server back through X-Forwarded-For it is the first address that is no trusted proxy's: what
    stands before that, the client can have made up.
    """
    said = request.META.get("REMOTE_ADDR", "")
    before = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    while before and is_trusted(said):
        said = before.pop().strip() or said
    address = _address(said)
    if address is None:
        return UNKNOWN
    network = ipaddress.ip_network((address, 64 if address.version == 6 else 32), strict=False)
    return str(network.network_address)


def is_trusted(said):
    """Return whether `said`, what a server or a proxy wrote as an address, is a trusted proxy's."""
    if not settings.BEHIND_TLS_PROXY:
        return False
    if not said:  # servers name no address where they listen on a Unix socket
        return settings.TRUSTS_SOCKET
    address = _address(said)
    return address is not None and any(address in network for network in settings.TRUSTED_PROXIES)


@functools.lru_cache(maxsize=1_000)
def _address(said):
    """Return `said` as an address, IPv4 where it is that written as IPv6; None where it is none."""
    try:
        address = ipaddress.ip_address(WITH_PORT.sub(r"\1\2", said))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
