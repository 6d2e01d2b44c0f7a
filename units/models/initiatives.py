"""Initiatives, and what else a statement or a milestone can be about."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from units.models.rows import Fact, NamedQuerySet
from units.models.sources import exactly_one
from units.models.structure import ALIASES_HELP, Body, Unit

ABOUT = ["about_unit", "about_body", "about_initiative"]


def at_most_one(names):
    """Return the condition that at most one of the fields `names` is set."""
    return exactly_one(names) | Q(**{f"{name}__isnull": True for name in names})


class AboutSomething(models.Model):
    """What a statement or milestone is about: at most one unit, body or initiative."""

    about_unit = models.ForeignKey(
        Unit, models.RESTRICT, null=True, blank=True, db_index=False, related_name="%(class)ss_about"
    )
    about_body = models.ForeignKey(
        Body, models.RESTRICT, null=True, blank=True, db_index=False, related_name="%(class)ss_about"
    )
    about_initiative = models.ForeignKey(
        "Initiative", models.RESTRICT, null=True, blank=True, db_index=False, related_name="%(class)ss_about"
    )

    class Meta:
        abstract = True

    @property
    def about(self):
        """The Unit, Body or Initiative that it is about, or None."""
        return self.about_unit or self.about_body or self.about_initiative


class InitiativeQuerySet(NamedQuerySet):
    def for_display(self):
        """Return the initiatives with what they are part of."""
        return self.select_related("part_of")

    def legal_acts(self):
        """Return the initiatives that are legal acts."""
        return self.filter(kind=Initiative.Kind.LEGAL_ACT)

    def parts_of(self, initiative):
        """Return the initiatives that are part of `initiative`."""
        return self.filter(part_of=initiative)


class Initiative(Fact):
    """A programme, network, facility, instrument, policy, deliverable or legal act."""

    class Kind(models.TextChoices):
        INITIATIVE = "initiative", _("initiative")
        PROGRAMME = "programme", _("programme")
        NETWORK = "network", _("network")
        FACILITY = "facility", _("facility")
        INSTRUMENT = "instrument", _("instrument")
        POLICY = "policy", _("policy")
        LEGAL_ACT = "legal-act", _("legal act")
        DELIVERABLE = "deliverable", _("deliverable")
        GROUP = "group", _("group of initiatives")

    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    aliases = models.JSONField(_("other names"), default=list, blank=True, help_text=ALIASES_HELP)
    description = models.TextField(_("description"), blank=True)
    part_of = models.ForeignKey(
        "self", models.RESTRICT, null=True, blank=True, related_name="parts", verbose_name=_("part of")
    )

    objects = InitiativeQuerySet.as_manager()

    class Meta(Fact.Meta):
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")

    def __str__(self):
        return self.name
