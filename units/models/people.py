"""People and their appointments: outside editions, so that they can be corrected and erased."""

import re
from contextlib import contextmanager
from contextvars import ContextVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from units.models import history

_named = ContextVar("named", default=None)


@contextmanager
def watching_names():
    """Give a list that has something in it once a row that can name somebody was read inside the block."""
    token = _named.set([])
    try:
        yield _named.get()
    finally:
        _named.reset(token)


class RecordedQuerySet(models.QuerySet):
    """Rows of which every change has its entry in the history, however it is made.

    That some were read is told to whoever is watching_names().
    """

    def _fetch_all(self):
        super()._fetch_all()
        if self._result_cache and (named := _named.get()) is not None:
            named.append(True)

    def iterator(self, *args, **kwargs):
        if (named := _named.get()) is not None:
            named.append(True)
        return super().iterator(*args, **kwargs)

    def update(self, **values):
        rows = list(self)
        count = super().update(**values)
        for row in rows:
            row.record("changed", list(values))
        return count

    def bulk_create(self, objs, *args, **kwargs):
        made = super().bulk_create(objs, *args, **kwargs)
        for row in made:
            row.record("added", history.differences(None, row))
        return made

    def delete(self):
        """Delete these rows, one after the other."""
        deleted = [row.delete() for row in self]
        counts = {}
        for _total, found in deleted:
            for label, count in found.items():
                counts[label] = counts.get(label, 0) + count
        return sum(counts.values()), counts

    delete.alters_data = update.alters_data = bulk_create.alters_data = True
    delete.queryset_only = True  # as Django's own: a manager has no delete()


class Recorded(models.Model):
    """A row outside editions; the history tells which it is, and of no person the name."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        before = type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None
        super().save(*args, **kwargs)
        if fields := history.differences(before, self):
            self.record("changed" if before else "added", fields)

    def delete(self, *args, **kwargs):
        self.record("removed")
        return super().delete(*args, **kwargs)

    def record(self, did, fields=()):
        """Write that somebody `did` this to it: added, changed (the `fields`) or removed."""
        step = {"did": did, "what": self._meta.model_name, **self.step()}
        appointment = self.pk if isinstance(self, Appointment) else None
        steps = [step | ({"fields": list(fields)} if did == "changed" else {})]
        history.record(history.History.Kind.PEOPLE, steps, appointment=appointment)

    def step(self):
        """Return what the history says it is."""
        return {"key": self.pk}


class PersonQuerySet(RecordedQuerySet):
    def named_in(self, text):
        """Whether every word of anybody's name stands in `text`."""
        words = set(re.findall(r"\w+", text.casefold()))
        names = (re.findall(r"\w+", name.casefold()) for name in self.values_list("name", flat=True))
        return any(name and words.issuperset(name) for name in names)


class Person(Recorded):
    """Somebody who holds a post. No more is kept than the name and an official page."""

    name = models.CharField(_("name"), max_length=200)
    page = models.URLField(_("official page"), max_length=500, blank=True)

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")

    def __str__(self):
        # Histories, logs and messages print this: it must not be the name.
        return f"person {self.pk}"

    def delete(self, *args, **kwargs):
        """Delete the person, and first each appointment, so that the history has them all."""
        self.appointments.all().delete()
        return super().delete(*args, **kwargs)


class AppointmentQuerySet(RecordedQuerySet):
    def at_the_time_of(self, appointment):
        """Return the other appointments to the post of `appointment` that hold on one of its days."""
        others = self.filter(post=appointment.post).exclude(pk=appointment.pk)
        if appointment.ends_on:
            others = others.filter(Q(starts_on=None) | Q(starts_on__lte=appointment.ends_on))
        if appointment.starts_on:
            others = others.filter(Q(ends_on=None) | Q(ends_on__gte=appointment.starts_on))
        return others

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

    def public(self, day):
        """Return the appointments on `day` whose names may be shown, with their people."""
        open_posts = PostPublicity.objects.values("post")
        return self.on(day).filter(post__in=open_posts).select_related("person").order_by("starts_on", "pk")


class Appointment(Recorded):
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

    def clean(self):
        """Refuse that somebody is appointed twice to one post at one time."""
        super().clean()
        if self.person_id and type(self).objects.at_the_time_of(self).filter(person=self.person_id).exists():
            raise ValidationError(
                _("This person has an appointment to this post at that time already: change that.")
            )

    def step(self):
        return {"key": self.pk, "slug": self.post}


class PostPublicity(Recorded):
    """The mark that a post's holder is named in public; without it, no name is shown."""

    post = models.SlugField(_("post"), max_length=120, unique=True)
    reason = models.CharField(
        _("reason"), max_length=300, help_text=_("Why the public is told who holds it.")
    )

    objects = RecordedQuerySet.as_manager()

    class Meta:
        verbose_name = _("post whose holder is named")
        verbose_name_plural = _("posts whose holders are named")

    def __str__(self):
        return self.post

    def step(self):
        return {"slug": self.post}
