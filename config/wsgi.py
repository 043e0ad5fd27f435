import os

from django.core.wsgi import get_wsgi_application

from config.supervisor import end_with_supervised_server

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
end_with_supervised_server()

application = get_wsgi_application()

from blog.readers import ReaderCounter  # noqa: E402, they need the apps
from config.bodies import whole  # noqa: E402
from config.pagestore.wrapper import in_front_of  # noqa: E402
from config.ready import read_everything_soon  # noqa: E402
from config.turns import one_writer_at_a_time  # noqa: E402

# Stored pages come first: whoever reads has nothing to send and no turn to wait for.
application = ReaderCounter(in_front_of(whole(one_writer_at_a_time(application))))
read_everything_soon()
