"""What a request takes, by its `Accept`."""

import functools

from django.http.request import MediaType

ANYTHING = "*/*"


def preferred_type(request, types):
    """Return which of `types` the request prefers, the first of equal ones; None where it takes none."""
    return preferred(request.headers.get("Accept", ANYTHING), tuple(types))


def preferred(accept, types):
    """Return which of `types` the header `accept` prefers; None for none (RFC 9110, 12.5.1).

    Each type comes in one form only, so parameters but the weight are passed by: better that form than none.
    Django's own method refuses them, and lets `*/*` in what has the weight 0.
    """
    ranges = _ranges(accept)
    found = []
    for place, kind in enumerate(types):
        matching = [each for each in ranges if MediaType(kind).match(each)]
        closest = max(matching, key=lambda each: (each.specificity, each.quality), default=None)
        if closest and closest.quality:
            found.append((ranges.index(closest), place, kind))
    return min(found)[-1] if found else None


@functools.lru_cache(maxsize=500)
def _ranges(accept):
    """Return what `accept` lists, the preferred first."""
    ranges = [MediaType(each) for each in (accept.strip() or ANYTHING).split(",") if each.strip()]
    for each in ranges:
        each.params = {name: value for name, value in each.params.items() if name == "q"}
    return sorted(ranges, key=lambda each: (each.quality, each.specificity), reverse=True)
