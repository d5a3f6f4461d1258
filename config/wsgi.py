"""The server's entry. It refuses to start under another key than the ledger's own."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from django.db import connections  # noqa: E402

from reviews.evidence.ledger.keys import require_the_ledgers_key  # noqa: E402

require_the_ledgers_key()
connections.close_all()
