"""People and their appointments: outside editions, so that they can be corrected and erased."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Person(models.Model):
    """Somebody who holds a post. No more is kept than the name and an official page."""

    name = models.CharField(_("name"), max_length=200)
    page = models.URLField(_("official page"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self):
        # Histories, logs and messages print this: it must not be the name.
        return f"person {self.pk}"


class AppointmentQuerySet(models.QuerySet):
    def on(self, day):
        """Return the appointments that hold on `day` (a date)."""
        begun = Q(starts_on=None) | Q(starts_on__lte=day)
        return self.filter(begun, Q(ends_on=None) | Q(ends_on__gte=day))

    def of_posts(self, posts):
        """Return the appointments to `posts` (an iterable of Post)."""
        return self.filter(post__in=[post.slug for post in posts])

    def in_edition(self, posts):
        """Return the appointments to `posts`, a queryset of Post that is not sliced."""
        return self.filter(post__in=posts.order_by().values("slug"))

    def by_person(self):
        """Return the people of these appointments by name, as a list, each with `found`: its appointments."""
        people = {}
        for appointment in self.select_related("person"):
            person = people.setdefault(appointment.person_id, appointment.person)
            person.found = [*getattr(person, "found", []), appointment]
        return sorted(people.values(), key=lambda person: (person.name.casefold(), person.pk))

    def named(self, words):
        """Return the appointments of people with each of `words` in their name, in whatever case."""
        # As written too: SQLite takes É and é for different letters.
        either = (Q(person__name__icontains=word) | Q(person__name__contains=word.title()) for word in words)
        return self.filter(*either)

    def public(self, day):
        """Return the appointments on `day` whose names may be shown, with their people."""
        open_posts = PostPublicity.objects.values("post")
        return self.on(day).filter(post__in=open_posts).select_related("person").order_by("starts_on", "pk")


class Appointment(models.Model):
    """Who holds a post, from when to when, and who says so."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="appointments", verbose_name=_("person"))
    post = models.SlugField(
        _("post"), max_length=120, help_text=_("The post's slug, the same in every edition.")
    )
    starts_on = models.DateField(_("from"), null=True, blank=True, help_text=_("Empty: not stated."))
    ends_on = models.DateField(
        _("until"), null=True, blank=True, help_text=_("Its last day. Empty: not stated.")
    )
    source = models.CharField(
        _("source"), max_length=300, help_text=_("The document that says so, with its date.")
    )
    source_address = models.URLField(_("address of the source"), max_length=500, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="appointment_ends_after_start",
                violation_error_message=_("The last day is before the first."),
            )
        ]

    def __str__(self):
        return f"appointment {self.pk}"


class PostPublicity(models.Model):
    """The mark that a post's holder is named in public; without it, no name is shown."""

    post = models.SlugField(_("post"), max_length=120, unique=True)
    reason = models.CharField(
        _("reason"), max_length=300, help_text=_("Why the public is told who holds it.")
    )

    class Meta:
        verbose_name = _("post whose holder is named")
        verbose_name_plural = _("posts whose holders are named")

    def __str__(self):
        return self.post
