"""What other programs follow: the calendar of milestones, and the feed of editions."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from icalendar import Calendar, Event

from units.models import Certainty
from units.resolve import published_editions, what_each_followed


def calendar_of(moment, milestones):
    """Return `milestones`, which have an exact day, as the bytes of an iCalendar file (RFC 5545)."""
    edition = moment.edition
    calendar = Calendar()
    calendar.add("prodid", "-//AI Office directory//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("AI Office directory: dates"))
    for milestone in milestones:
        event = Event()
        # The same from edition to edition, so that a calendar changes its entry and makes no second one.
        event.add("uid", f"{milestone.slug}@{urlsplit(settings.SITE_URL).hostname}")
        event.add("dtstamp", edition.published_at or timezone.now())
        event.add("dtstart", milestone.date)
        event.add("dtend", milestone.date + timedelta(days=1))
        event.add("summary", milestone.text)
        event.add("description", _how_certain(edition, milestone))
        event.add("url", f"{settings.SITE_URL}{moment.url('timeline')}#milestone-{milestone.slug}")
        event.add("status", "CONFIRMED" if milestone.certainty == Certainty.ACTUAL else "TENTATIVE")
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    return calendar.to_ical()


def _how_certain(edition, milestone):
    words = milestone.get_certainty_display()
    said = _("In the sources: %(words)s.") % {"words": words}
    if edition.announced_on:
        day = date_format(edition.announced_on, "j F Y")
        said = _("As of %(day)s: %(words)s.") % {"day": day, "words": words}
    return said


class Changes(Feed):
    """The published editions, one entry for each, the latest publication first."""

    feed_type = Atom1Feed
    title = gettext_lazy("AI Office directory: editions")
    subtitle = gettext_lazy("One entry for each edition that was published.")

    def __call__(self, request, *args, **kwargs):
        response = super().__call__(request, *args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response

    def link(self):
        return settings.SITE_URL + reverse("pages:editions")

    def feed_guid(self):
        return f"{settings.SITE_URL}{reverse('pages:changes')}"

    feed_url = (
        feed_guid  # else it is made of the host that was asked for, which a cache could keep for others
    )

    def items(self):
        editions = published_editions()
        before = what_each_followed(editions)
        latest_first = sorted(editions, key=lambda edition: edition.published_at, reverse=True)
        return [(edition, before.get(edition.pk)) for edition in latest_first]

    def item_title(self, item):
        edition, _before = item
        return f"{edition.identifier}: {edition.title}"

    def item_description(self, item):
        """Say in words what the edition is and where it differs."""
        edition, before = item
        effective = date_format(edition.effective_on, "j F Y")
        said = [_("The chart in effect from %(day)s.") % {"day": effective}]
        if edition.announced_on:
            said.append(_("Announced on %(day)s.") % {"day": date_format(edition.announced_on, "j F Y")})
        if edition.revision > 1:
            said.append(_("It corrects revision %(number)s.") % {"number": edition.revision - 1})
        if edition.note:
            said.append(escape(edition.note))  # a summary is read as HTML
        if before:
            address = settings.SITE_URL + reverse("diff", args=[before.identifier, edition.identifier])
            said.append(_("What changed: %(address)s") % {"address": address})
        else:
            said.append(_("It is the first edition."))
        return " ".join(said)

    def item_link(self, item):
        return settings.SITE_URL + reverse("edition:home", args=[item[0].identifier])

    def item_guid(self, item):
        return self.item_link(item)

    def item_pubdate(self, item):
        return item[0].published_at

    def item_updateddate(self, item):
        return item[0].published_at
