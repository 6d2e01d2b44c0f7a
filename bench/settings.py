"""The site's settings with what is measured beside it; with BENCH_COLD set no answer is kept."""

import os

from aioffice.settings import *  # noqa: F403 (all of them, as deployed)

ROOT_URLCONF = "bench.urls"
STATIC_ROOT = os.environ["BENCH_STATIC"]
if os.environ.get("BENCH_COLD"):
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
