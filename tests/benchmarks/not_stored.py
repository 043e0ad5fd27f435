"""The site as the page store asks it, without the store: every request makes its page anew."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.wsgi import get_wsgi_application

django = get_wsgi_application()

from config.pagestore import SITE  # noqa: E402 (models are read once Django is set up)
from config.pagestore.clock import Clock  # noqa: E402
from config.pagestore.unchanged import known_state  # noqa: E402

clock = Clock()


def application(environ, start_response):
    with known_state((clock.tokens([SITE])[SITE], None)):
        return django(environ, start_response)
