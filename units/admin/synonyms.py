"""The synonyms of the search in the admin."""

from django.contrib import admin

from units.models import Synonym


@admin.register(Synonym)
class SynonymAdmin(admin.ModelAdmin):
    list_display = ["said", "meant"]
    search_fields = ["said", "meant"]
