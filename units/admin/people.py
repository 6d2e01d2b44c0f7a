"""People and their appointments in the admin."""

from django.contrib import admin

from units.models import Appointment, Person, PostPublicity


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    list_display = ["name", "page"]
    search_fields = ["name"]


@admin.register(Appointment)
class AppointmentAdmin(admin.ModelAdmin):
    list_display = ["post", "person", "starts_on", "ends_on"]
    list_select_related = ["person"]
    search_fields = ["post", "person__name"]
    autocomplete_fields = ["person"]


@admin.register(PostPublicity)
class PostPublicityAdmin(admin.ModelAdmin):
    list_display = ["post", "reason"]
    search_fields = ["post"]
