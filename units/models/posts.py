"""The posts in the units: functions that exist whether or not somebody is known to hold them."""

from collections import defaultdict

from django.db import models
from django.utils.translation import gettext_lazy as _

from units.models.people import Appointment
from units.models.rows import Fact, NumberedQuerySet, every_word, place_in_list
from units.models.sources import Certainty
from units.models.structure import Unit


class PostQuerySet(NumberedQuerySet):
    def of(self, edition):
        """Return the posts of `edition`, unit by unit in tree order."""
        return self.filter(edition=edition).order_by("unit__lft", "position")

    def listed(self, edition):
        """Return the same by their place, where `edition` is published."""
        return self.filter(edition=edition).numbered("place") if edition.is_published else self.of(edition)

    def for_list(self):
        """Return these posts with their units."""
        return self.select_related("unit")

    def of_slugs(self, slugs):
        """Return the posts of these with one of `slugs`."""
        return self.filter(slug__in=slugs)

    def with_words(self, words):
        """Return {slug: newest name} of the posts of all editions with each of `words` in their name."""
        rows = self.filter(every_word("name", words)).order_by("edition").values_list("slug", "name")
        return dict(rows)

    def called_now(self, column):
        """Return a subquery: the newest name of the post whose slug stands in `column` of the outer query."""
        rows = self.filter(slug=models.OuterRef(column)).order_by("-edition")
        return models.Subquery(rows.values("name")[:1])

    def in_branch(self, unit):
        """Return these posts that are in `unit` or in a unit below it."""
        return self.filter(edition=unit.edition_id, unit__lft__gte=unit.lft, unit__lft__lt=unit.rght)

    def in_unit(self, unit):
        """Return these posts that are in `unit` itself."""
        return self.filter(unit=unit)

    def called(self, words, most=None):
        """Return (at most `most` of) these posts with every one of `words` in their name, as a list."""
        return list(self.filter(every_word("name", words))[:most])

    def in_units(self, units):
        """Return the posts of `units` (an iterable of Unit), those who lead first, with their unit."""
        return self.filter(unit__in=units).select_related("unit").order_by("unit__lft", "-role", "position")

    def with_appointments(self, day):
        """Return these posts as a list, each with `appointments`: those on `day` whose names are public.

        With None for the day nobody is named.
        """
        return self.with_holders(list(self), day)

    def with_holders(self, posts, day):
        """Return `posts` (a list) as with_appointments() does, where they are at hand."""
        by_post = defaultdict(list)
        for appointment in Appointment.objects.public(day).of_posts(posts) if day else ():
            by_post[appointment.post].append(appointment)
        for post in posts:
            post.appointments = by_post[post.slug]
        return posts


class Post(Fact):
    """A function that exists whether or not its holder is known."""

    class Role(models.TextChoices):
        LEADS = "leads", _("leads")
        ADVISES = "advises", _("advises")

    class Holder(models.TextChoices):
        """What the edition's sources say of the holder; the name itself is never part of an edition."""

        NOT_STATED = "not-stated", _("not stated in the source")
        VACANT = "vacant", _("vacant")
        STATED = "stated", _("stated in the source")

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="posts", verbose_name=_("unit"))
    name = models.CharField(_("name"), max_length=300)
    role = models.CharField(_("role"), max_length=10, choices=Role)
    holder = models.CharField(_("holder"), max_length=12, choices=Holder)
    certainty = models.CharField(_("certainty"), max_length=10, choices=Certainty, blank=True)
    place = place_in_list("Its place among all posts of its edition.")

    objects = PostQuerySet.as_manager()
    OWNERS = ("unit",)

    class Meta(Fact.Meta):
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        indexes = [models.Index(fields=["edition", "place"], name="post_by_place")]

    def __str__(self):
        return self.name
