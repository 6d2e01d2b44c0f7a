"""The site's settings as deployed, with what is measured beside it."""

import os

from aioffice.settings import *  # noqa: F403 (all of them)

ROOT_URLCONF = "bench.urls"
STATIC_ROOT = os.environ["BENCH_STATIC"]
# Lighthouse asks for some files by itself, without what a proxy says.
SECURE_SSL_REDIRECT = "BENCH_WITHOUT_PROXY" not in os.environ
