"""Where programs get what a page shows: the addresses of its data, in every format."""

from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from units.api.renderers import FORMATS, Graph, Json
from units.resolve import Moment, asked_by

# Where the API has what a page shows; `-detail` where the page is of one thing.
IN_THE_API = {
    **{"home": "tree", "chart": "tree", "units": "units", "unit": "units", "posts": "posts", "post": "posts"},
    **{"people": "people", "bodies": "bodies", "body": "bodies", "tasks": "tasks", "timeline": "milestones"},
    **{"initiatives": "initiatives", "initiative": "initiatives", "sources": "sources", "source": "sources"},
}

# The pages whose data is the API's tree, and those without linked data or tables (these name nobody).
WITHOUT_DATA = {"home", "chart"}
NO_GRAPH = {*WITHOUT_DATA, "people", "search"}
NO_TABLE = {"people"}
# What pages and their data can both be asked for.
FILTERS = {"tasks": ("owner", "part", "theme")}


def moment_of_page(context):
    """Return the Moment of the page that `context` is for."""
    # An error page, or one about two editions, still keeps to the day that was asked for.
    return context.get("moment") or Moment(None, timezone.localdate(), asked_by(context["request"]))


def data_address(context):
    """Return where the API has what this page shows; empty where it has not: drafts, the site itself."""
    match, moment = context["request"].resolver_match, context.get("moment")
    name = IN_THE_API.get(match.url_name) if match else None
    if not (name and moment and moment.edition and moment.edition.is_published):
        return ""
    if name == "people" and moment.edition_name:  # people are of a day, not of an edition
        return ""
    slug = [match.kwargs["slug"]] if "slug" in match.kwargs else []
    if moment.is_copy and name != "tree":  # the same, at an address that a copy has a file for
        return moment.url(f"{match.url_name}_data", *slug, "json")
    if slug:
        return reverse(f"api:{name}-detail", args=slug) + moment.api_query
    return reverse(f"api:{name}-list") + moment.api_query


def formats(context):
    """Return (name, media type, address) of each format of what this page shows; empty where it has none."""
    match, moment = context["request"].resolver_match, context.get("moment")
    name = match.url_name if match else None
    is_search = name == "search" and context.get("asked") and moment.edition.is_published
    in_json = search_data(context) if is_search else data_address(context)
    is_missing = "status" in context or "last_page" in context  # what this page says is that it isn't there
    if not in_json or is_missing:
        return []
    found = [(Json.label, Json.media_type, _with(in_json, _filters(context, name)))]
    for suffix, each in FORMATS.items():
        if each is Json or name in NO_TABLE or (issubclass(each, Graph) and name in NO_GRAPH):
            continue
        if name in WITHOUT_DATA:
            address = reverse("api:tree-list", kwargs={"format": suffix}) + moment.api_query
        else:
            slug = [match.kwargs["slug"]] if "slug" in match.kwargs else []
            asked = search_query(context) if is_search else _filters(context, name)
            address = _with(moment.url(f"{name}_data", *slug, suffix), asked)
        found.append((each.label, each.media_type, address))
    return found


def _filters(context, name):
    """Return what the page `name` was asked for that its data can be asked for too, as a query."""
    given = context["request"].GET
    return urlencode({key: given[key].strip() for key in FILTERS.get(name, ()) if given.get(key, "").strip()})


def _with(address, query):
    return f"{address}{'&' if '?' in address else '?'}{query}" if query else address


def search_data(context, **asked):
    """Return where the API searches at this page's moment, with `asked` or what this page was asked for."""
    moment = moment_of_page(context)
    query = urlencode(asked) if asked else search_query(context)
    query = "&".join(filter(None, [moment.api_query.removeprefix("?"), query]))
    return f"{reverse('api:search-list')}?{query}"


def search_query(context):
    """Return what the page of a search was asked for, as a query."""
    given = context["request"].GET
    return urlencode({name: given[name] for name in ("q", "kind") if given.get(name)})
