"""People and their appointments in the admin.

No list of names can be searched: what is searched for stands in the address, and so in the logs.
"""

from django.contrib import admin, messages
from django.contrib.admin.actions import delete_selected
from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units.admin.appointments import AppointmentForm, PersonForm, PublicityForm
from units.erasure import erase, rewrite_files
from units.models import Appointment, Person, Post, PostPublicity


class RecordAdmin(admin.ModelAdmin):
    """What is outside editions; what is changed here is public at once, if it is public at all."""

    list_per_page = 50
    show_full_result_count = False
    change_form_template = "admin/units/outside_form.html"
    # Not those of what is in editions, which Django would find by the name of the app.
    change_list_template = "admin/change_list.html"
    delete_confirmation_template = "admin/delete_confirmation.html"
    delete_selected_confirmation_template = "admin/delete_selected_confirmation.html"


@admin.register(Person)
class PersonAdmin(RecordAdmin):
    form = PersonForm
    list_display = ["number", "name", "page", "posts"]
    list_display_links = ["number", "name"]
    ordering = ["name", "pk"]
    actions = ["delete_selected"]
    delete_confirmation_template = "admin/units/person/erase.html"
    delete_selected_confirmation_template = "admin/units/person/erase.html"

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(count=Count("appointments"))

    @admin.action(permissions=["delete"], description=gettext_lazy("Erase the chosen people…"))
    def delete_selected(self, request, queryset):
        return delete_selected(self, request, queryset)

    @admin.display(description=gettext_lazy("number"), ordering="pk")
    def number(self, person):
        return person.pk

    @admin.display(description=gettext_lazy("appointments"), ordering="count")
    def posts(self, person):
        return person.count

    def delete_model(self, request, obj):
        self.erase(request, obj)
        transaction.on_commit(lambda: self.rewrite_files(request))

    def delete_queryset(self, request, queryset):
        for person in queryset:
            self.erase(request, person)
        transaction.on_commit(lambda: self.rewrite_files(request))

    def rewrite_files(self, request):
        if not rewrite_files():
            text = _(
                "The database was busy: run manage.py erase_person --files, so that its files forget too."
            )
            messages.warning(request, text)

    def erase(self, request, person):
        """Erase `person`, and tell where else somebody has written the name."""
        key = person.pk
        for model, row, column in erase(person):
            text = _("The name of person %(key)s is also written, by hand, in %(what)s %(row)s (%(column)s).")
            field = model._meta.get_field(column).verbose_name
            what = {"key": key, "what": model._meta.verbose_name, "row": row, "column": field}
            messages.warning(request, text % what)


@admin.register(Appointment)
class AppointmentAdmin(RecordAdmin):
    form = AppointmentForm
    list_display = ["post_name", "name", "since", "until", "source"]
    list_select_related = ["person"]
    fieldsets = [
        (None, {"fields": ["post"]}),
        (gettext_lazy("Who"), {"fields": ["person", ("new_name", "new_page")]}),
        (gettext_lazy("When"), {"fields": [("starts_on", "start_not_stated"), "ends_on", "together"]}),
        (gettext_lazy("Who says so"), {"fields": ["source", "source_address"]}),
    ]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(post_called=Post.objects.called_now("post"))

    @admin.display(description=gettext_lazy("post"), ordering="post")
    def post_name(self, appointment):
        return appointment.post_called or appointment.post

    @admin.display(description=gettext_lazy("person"))
    def name(self, appointment):
        return appointment.person.name

    @admin.display(
        description=gettext_lazy("from"), ordering="starts_on", empty_value=gettext_lazy("not stated")
    )
    def since(self, appointment):
        return appointment.starts_on

    @admin.display(
        description=gettext_lazy("until"), ordering="ends_on", empty_value=gettext_lazy("not stated")
    )
    def until(self, appointment):
        return appointment.ends_on

    def save_model(self, request, obj, form, change):
        if obj.person.pk is None:
            obj.person.save()
        super().save_model(request, obj, form, change)


@admin.register(PostPublicity)
class PostPublicityAdmin(RecordAdmin):
    form = PublicityForm
    list_display = ["post_name", "reason"]
    search_fields = ["post"]

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(post_called=Post.objects.called_now("post"))

    @admin.display(description=gettext_lazy("post"), ordering="post")
    def post_name(self, mark):
        return mark.post_called or mark.post
