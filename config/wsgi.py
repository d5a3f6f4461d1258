"""The WSGI entry point. It refuses to start with a key that is not the ledger's."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from django.db import connections  # noqa: E402

from reviews.evidence.ledger.keys import require_the_ledgers_key  # noqa: E402
from reviews.operations import database_file  # noqa: E402

require_the_ledgers_key()
connections.close_all()
database_file.watch()
