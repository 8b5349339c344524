"""What gunicorn serves."""

import logging
import os

from django.core.wsgi import get_wsgi_application
from django.db import OperationalError, connection
from django.urls import get_resolver

from horetsu_site.utf8 import Utf8Only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "horetsu_site.settings")

application = Utf8Only(get_wsgi_application())

# gunicorn forks after this file (--preload): what is imported here is in memory once, and
# no first request waits for it.
get_resolver().url_patterns  # noqa: B018  (reading it imports every view)

from crm.tenancy.checks import require_app_role  # noqa: E402  (Django is set up only now)

try:
    require_app_role()
except OperationalError:
    # gunicorn gives up for good when this fails, also over a database that is only
    # restarting. The pages answer 503 meanwhile; the workers check the role as well.
    logging.getLogger(__name__).warning("The database is away at the start", exc_info=True)
finally:
    connection.close()  # one connection must not serve several processes
