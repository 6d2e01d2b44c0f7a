"""The public addresses: pages of an edition twice, once for today or `?on=`, once below `/editions/{id}/`."""

from django.urls import include, path

from units.feeds import Changes
from units.views import (
    changes,
    chart,
    chart_files,
    editions,
    health,
    home,
    mandates,
    search,
    sources,
    structure,
    timeline,
)

page_patterns = [
    path("", home.home, name="home"),
    path("chart/", chart.chart, name="chart"),
    path("chart/table/", chart.table, name="chart_table"),
    path("chart/embed/", chart_files.embed, name="chart_embed"),
    path("chart.svg", chart_files.svg, name="chart_svg"),
    path("chart-<str:digest>.svg", chart_files.cited_svg, name="chart_cited"),
    path("chart.md", chart_files.markdown, name="chart_markdown"),
    path("units/", structure.units, name="units"),
    path("units/<slug:slug>/", structure.unit, name="unit"),
    path("units/<slug:slug>/chart.svg", chart_files.svg, name="unit_chart_svg"),
    path("posts/", structure.posts, name="posts"),
    path("posts/<slug:slug>/", structure.post, name="post"),
    path("people/", structure.people, name="people"),
    path("bodies/", mandates.bodies, name="bodies"),
    path("bodies/<slug:slug>/", mandates.body, name="body"),
    path("tasks/", mandates.tasks, name="tasks"),
    path("initiatives/", mandates.initiatives, name="initiatives"),
    path("initiatives/<slug:slug>/", mandates.initiative, name="initiative"),
    path("timeline/", timeline.timeline, name="timeline"),
    path("timeline.ics", timeline.calendar, name="calendar"),
    path("sources/", sources.sources, name="sources"),
    path("sources/<slug:slug>/", sources.source, name="source"),
    path("search/", search.results, name="search"),
]

# What they show is not of one edition; names in resolve.OF_THE_SITE.
site_patterns = [
    path("editions/", editions.editions, name="editions"),
    path("opensearch.xml", search.description, name="opensearch"),
    path("changes.atom", Changes(), name="changes"),
    path("data/", editions.data, name="data"),
    path("about/", editions.about, name="about"),
    path("accessibility/", editions.accessibility, name="accessibility"),
    path("privacy/", editions.privacy, name="privacy"),
]

urlpatterns = [
    path("", include((page_patterns + site_patterns, "directory"), namespace="pages")),
    path("editions/<str:before>/diff/<str:after>/", changes.changes, name="diff"),
    path("editions/<str:name>/document.json", editions.document, name="document"),
    path("editions/<str:edition_name>/", include((page_patterns, "directory"), namespace="edition")),
    path("api/v1/", include("units.api.urls")),
    path("health/live/", health.live, name="live"),
    path("health/ready/", health.ready, name="ready"),
]
