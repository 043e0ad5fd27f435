import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()

from config.pagestore.wrapper import in_front_of  # noqa: E402, it needs the apps

application = in_front_of(application)
