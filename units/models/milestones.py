"""What happened, is planned or due, and when."""

from collections import defaultdict
from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from units.models.initiatives import ABOUT, AboutSomething, at_most_one
from units.models.rows import EditionRowQuerySet, Fact
from units.models.sources import Certainty, indexes_where_set


class MilestoneQuerySet(EditionRowQuerySet):
    def for_display(self):
        """Return the milestones with their anchors and what they are about."""
        return self.select_related("anchor", *ABOUT).order_by("position", "pk")

    def about_any(self, unit, initiatives):
        """Return the milestones about `unit` or one of `initiatives`."""
        return self.filter(Q(about_unit=unit) | Q(about_initiative__in=initiatives))

    def about(self, fact):
        """Return the milestones about `fact`, a Unit, Body or Initiative."""
        return self.filter(**{f"about_{fact._meta.model_name}": fact})

    def in_time(self, edition):
        """Return the primary keys of the milestones of `edition` as a timeline has them, a list.

        By date; what is counted from another milestone stands below that one, the nearest first.
        """
        rows = self.of(edition).values_list("pk", "date", "anchor", "offset_months")
        below = defaultdict(list)
        for key, day, anchor, months in rows:
            below[anchor].append((day or date.min, months or 0, len(below[anchor]), key))
        found, todo = [], sorted(below[None], reverse=True)
        while todo:
            key = todo.pop()[-1]
            found.append(key)
            todo += sorted(below[key], reverse=True)
        return found

    def in_time_of(self, edition):
        """Return the primary keys of these milestones, which are of `edition`, in the order of in_time()."""
        these = set(self.order_by().values_list("pk", flat=True))
        return [key for key in Milestone.objects.in_time(edition) if key in these]

    def of_timeline(self, keys):
        """Return the milestones `keys` as a list in that order, with anchors and what they are about."""
        found = self.for_display().in_bulk(keys)
        return [found[key] for key in keys]

    def on_an_exact_day(self):
        """Return the milestones whose source names the very day."""
        return self.filter(precision=Milestone.Precision.DAY, bound=Milestone.Bound.ON, inferred=[]).order_by(
            "date", "position"
        )


class Milestone(AboutSomething, Fact):
    """Something that happened or is to happen on a date, or so many months after another milestone."""

    class Precision(models.TextChoices):
        DAY = "day", _("day")
        MONTH = "month", _("month")
        YEAR = "year", _("year")

    class Bound(models.TextChoices):
        ON = "on", _("on")
        BY = "by", _("by the end of")

    text = models.TextField(_("text"))
    certainty = models.CharField(_("certainty"), max_length=10, choices=Certainty)
    date = models.DateField(
        _("date"), null=True, blank=True, help_text=_("The latest day that the source's words allow.")
    )
    precision = models.CharField(_("precision"), max_length=5, choices=Precision, blank=True)
    bound = models.CharField(_("bound"), max_length=2, choices=Bound, blank=True)
    inferred = models.JSONField(
        _("inferred parts"),
        default=list,
        blank=True,
        help_text=_('What the source leaves to infer: ["year"].'),
    )
    anchor = models.ForeignKey(
        "self",
        models.RESTRICT,
        null=True,
        blank=True,
        related_name="followed_by",
        verbose_name=_("counted from"),
    )
    offset_months = models.PositiveIntegerField(_("months after it"), null=True, blank=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=at_most_one(ABOUT),
                name="milestone_about_one_thing",
                violation_error_message=_("A milestone is about at most one unit, body or initiative."),
            ),
            models.CheckConstraint(
                condition=Q(date__isnull=False, anchor=None, offset_months=None)
                & ~Q(precision="")
                & ~Q(bound="")
                | Q(date=None, anchor__isnull=False, offset_months__isnull=False, precision="", bound=""),
                name="milestone_dated_or_relative",
                violation_error_message=_(
                    "A milestone has a date with precision and bound, or an anchor with months."
                ),
            ),
        ]
        indexes = indexes_where_set("milestone", ABOUT)

    def __str__(self):
        return self.text

    @property
    def exactness(self):
        """How exact the date is, in words, with what is inferred in it: “to the month, year inferred”."""
        if self.anchor_id:
            return gettext("counted from another date, no date of its own")
        exact = {
            "day": gettext("exact to the day"),
            "month": gettext("exact to the month"),
            "year": gettext("exact to the year"),
        }[self.precision]
        names = dict(self.Precision.choices)
        inferred = [str(names.get(part, part)) for part in self.inferred]
        if not inferred:
            return exact
        return gettext("%(exact)s, not stated but inferred: %(parts)s") % {
            "exact": exact,
            "parts": ", ".join(inferred),
        }

    @property
    def when(self):
        """When it happens, in words, as exactly as the source has it: “by the end of June 2024”."""
        if self.anchor:
            months = ngettext("%(count)s month after", "%(count)s months after", self.offset_months)
            return months % {"count": self.offset_months}
        day = date_format(self.date, {"day": "j F Y", "month": "F Y", "year": "Y"}[self.precision])
        if self.bound == self.Bound.ON:
            return day
        by = (
            gettext("by %(date)s")
            if self.precision == self.Precision.DAY
            else gettext("by the end of %(date)s")
        )
        return by % {"date": day}
