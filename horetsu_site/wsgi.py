"""What gunicorn serves."""

import logging
import os

from django.core.wsgi import get_wsgi_application
from django.db import OperationalError

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "horetsu_site.settings")

application = get_wsgi_application()

from crm.tenancy.checks import require_app_role  # noqa: E402  (Django is set up only now)

try:
    require_app_role()
except OperationalError:
    # gunicorn gives up for good when a worker does not boot, also over a database that is
    # only restarting. The pages answer 503 meanwhile; the workers check the role as well.
    logging.getLogger(__name__).warning("The database is away at the start", exc_info=True)
