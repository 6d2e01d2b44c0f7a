"""The forms for who holds a post, and for whether that is public."""

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units.admin.fields import CHOICES_AT_MOST, FOUND_AT_MOST, NamedWidget, PrintableText, printable
from units.models import Appointment, Edition, Person, Post, PostPublicity

DAY = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class PostField(forms.CharField):
    """A post of any edition, by its name or slug; what is kept is the slug."""

    widget = NamedWidget

    def __init__(self, **options):
        super().__init__(
            label=gettext_lazy("Post"),
            help_text=gettext_lazy("Some words of its name, or its slug; the same in every edition."),
            **options,
        )

    def suggest(self):
        """Have the browser suggest the posts of the newest editions."""
        newest = Edition.objects.published().first()
        posts = Post.objects.of(newest)[: CHOICES_AT_MOST + 1] if newest else []
        self.widget.suggestions = [(post.slug, post.name) for post in posts[:CHOICES_AT_MOST]]
        if len(posts) > CHOICES_AT_MOST:
            self.widget.ask = reverse("admin:units_post_suggestions")

    def clean(self, value):
        written = printable(super().clean(value))
        if Post.objects.of_slugs([written]).exists():
            return written
        found = Post.objects.with_words(written.split())
        exact = [slug for slug, name in found.items() if name.casefold() == written.casefold()]
        if len(exact) == 1:
            return exact[0]
        self.widget.found = list(found.items())[:FOUND_AT_MOST]
        if found:
            raise ValidationError(
                _("“%(written)s” may mean several: choose one, or write more of the name."),
                params={"written": written},
            )
        raise ValidationError(_("No edition has a post “%(written)s”."), params={"written": written})


class AboutPostForm(PrintableText, forms.ModelForm):
    post = PostField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "post" in self.fields:
            self.fields["post"].suggest()
            self.fields["post"].widget.attrs["class"] = "vLargeTextField"


class PersonForm(PrintableText, forms.ModelForm):
    class Meta:
        model = Person
        fields = ["name", "page"]
        widgets = {"name": forms.TextInput(attrs={"class": "vLargeTextField"})}


class PublicityForm(AboutPostForm):
    class Meta:
        model = PostPublicity
        fields = ["post", "reason"]
        widgets = {"reason": forms.TextInput(attrs={"class": "vLargeTextField"})}


class AppointmentForm(AboutPostForm):
    """Who holds a post; somebody who is not there yet is added on the same page."""

    person = forms.ChoiceField(label=gettext_lazy("Person"), required=False)
    new_name = forms.CharField(label=gettext_lazy("Or somebody new: name"), required=False, max_length=200)
    new_page = forms.URLField(
        label=gettext_lazy("official page"), required=False, max_length=500, assume_scheme="https"
    )
    start_not_stated = forms.BooleanField(
        label=gettext_lazy("The source does not state since when"), required=False
    )
    together = forms.BooleanField(
        label=gettext_lazy("Several people hold this post at that time"), required=False
    )

    class Meta:
        model = Appointment
        fields = ["post", "person", "starts_on", "ends_on", "source", "source_address"]
        widgets = {
            "starts_on": DAY,
            "ends_on": DAY,
            "source": forms.TextInput(attrs={"class": "vLargeTextField"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "person" in self.fields:
            self.people = {str(person.pk): person for person in Person.objects.all()}
            by_name = sorted(self.people.items(), key=lambda item: (item[1].name.casefold(), item[1].pk))
            self.fields["person"].choices = [("", "---")] + [
                (key, f"{person.name} ({person.pk})") for key, person in by_name
            ]
        if self.instance.pk:
            self.initial["start_not_stated"] = self.instance.starts_on is None
            self.initial["together"] = self.others(self.instance).exists()

    def others(self, appointment):
        """Return the appointments of other people to the same post at the same time."""
        return Appointment.objects.at_the_time_of(appointment).exclude(person=appointment.person_id)

    def clean_person(self):
        return self.people.get(self.cleaned_data["person"])

    def clean(self):
        cleaned = super().clean()
        if bool(cleaned.get("person")) == bool(cleaned.get("new_name")):
            self.add_error("person", _("Choose a person, or write the name of a new one."))
        elif "person" in cleaned and not cleaned["person"]:  # not where what was chosen is none of them
            cleaned["person"] = self.new_person(cleaned["new_name"], cleaned.get("new_page", ""))
        if bool(cleaned.get("starts_on")) == bool(cleaned.get("start_not_stated")):
            self.add_error("starts_on", _("Give the first day, or say that the source does not state it."))
        if not self.errors and not cleaned["together"]:
            self.refuse_several(cleaned)
        return cleaned

    def new_person(self, name, page):
        if any(
            other.name.casefold() == name.casefold() and other.page == page for other in self.people.values()
        ):
            self.add_error(
                "new_name", _("Somebody of that name and page is there already: choose them above.")
            )
        return Person(name=name, page=page)

    def refuse_several(self, cleaned):
        columns = {name: cleaned[name] for name in ("post", "person", "starts_on", "ends_on")}
        other = self.others(Appointment(pk=self.instance.pk, **columns)).select_related("person").first()
        if other:
            sentence = _(
                "%(name)s holds this post at that time (appointment %(key)s): give that its last day first, "
                "or say below that several people hold it."
            )
            raise ValidationError(sentence % {"name": other.person.name, "key": other.pk})

    def _get_validation_exclusions(self):
        # A new person is saved with the appointment, and has no key before.
        person = self.cleaned_data.get("person")
        return super()._get_validation_exclusions() | ({"person"} if person and not person.pk else set())
