from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UnitsConfig(AppConfig):
    name = "units"
    verbose_name = _("Directory")

    def ready(self):
        # Here, because models can't be imported before all apps are known.
        from units.documents.publishing import published
        from units.search.index import make_at_publication

        published.connect(make_at_publication, dispatch_uid="search")
