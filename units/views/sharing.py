"""What crawlers, networks and phones ask for: which pages there are, and how the site is shown elsewhere."""

from pathlib import Path

from django.conf import settings
from django.contrib.sitemaps.views import SitemapIndexItem
from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from units.resolve import in_force, published_editions
from units.sharing import sitemaps
from units.sharing.head import STATE

XML = "application/xml"
# Those who show a link that somebody has shared ask for that one page; what it costs is no matter.
PREVIEWERS = ("facebookexternalhit", "Twitterbot", "LinkedInBot", "Slackbot", "TelegramBot", "WhatsApp")
PRIVATE = ("/admin/", "/editions/draft-")
# What can be asked for in endless ways, or is made for one who asks.
COSTLY = (
    "/chart/embed/",
    "/editions/*/chart/embed/",
    "/*.pdf",
    "/*.xlsx",
    "/units/*/card.png",
    "/editions/*/units/*/card.png",
)


def robots(request):
    """Say what crawlers leave alone, and where the sitemap is (RFC 9309)."""
    costly = [*COSTLY, *(f"/*{mark}{name}=" for name in STATE for mark in "?&")]
    lines = [
        *(f"User-agent: {name}" for name in PREVIEWERS),
        *(f"Disallow: {path}" for path in PRIVATE),
        "",
        "User-agent: *",
        f"Allow: {reverse('api:docs')}",
        f"Disallow: {reverse('api:root')}",
        *(f"Disallow: {path}" for path in (*PRIVATE, *costly)),
        "",
        f"Sitemap: {settings.SITE_URL}{reverse('sitemap')}",
    ]
    return _kept(
        HttpResponse("".join(f"{line}\n" for line in lines), content_type="text/plain; charset=utf-8")
    )


def sitemap(request):
    """Answer with the list of the parts of the sitemap."""
    parts = [SitemapIndexItem(*each) for each in sitemaps.parts(*_editions())]
    return _kept(render(request, "sitemap_index.xml", {"sitemaps": parts}, content_type=XML))


def sitemap_part(request, section, number):
    """Answer with one part of the sitemap."""
    try:
        urls = sitemaps.part(section, number, *_editions())
    except sitemaps.NoPartError:
        raise Http404(_("The sitemap has no such part.")) from None
    return _kept(render(request, "sitemap.xml", {"urlset": urls}, content_type=XML))


def _editions():
    editions = published_editions()
    return in_force(editions, timezone.localdate()), editions


def manifest(request):
    """Say how the site is shown where somebody has put it on the screen of a phone."""
    about = {
        "name": _("AI Office directory"),
        "short_name": _("AI Office"),
        "description": _("Who at the European AI Office handles what, since when, and where it says so."),
        "lang": "en",
        "start_url": reverse("pages:home"),
        "scope": "/",
        "display": "browser",
        "background_color": "#ffffff",
        "theme_color": "#1d5c63",
        "icons": [
            {"src": static("units/mark.svg"), "sizes": "any", "type": "image/svg+xml"},
            *(
                {"src": static(f"units/mark-{size}.png"), "sizes": f"{size}x{size}", "type": "image/png"}
                for size in (180, 512)
            ),
        ],
    }
    return _kept(JsonResponse(about, content_type="application/manifest+json"))


def favicon(request):
    """Give the icon to whoever asks at its old address without having read a page."""
    icon = Path(finders.find("units/mark-180.png")).read_bytes()
    return _kept(HttpResponse(icon, content_type="image/png"))


def _kept(response):
    response.headers["Cache-Control"] = "no-cache"
    return response
