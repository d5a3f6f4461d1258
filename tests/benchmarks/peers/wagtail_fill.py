"""Fill the Wagtail peer, in its `manage.py shell`: ARTICLES is how many, SECTIONS a file of JSON."""

import json
import os
from pathlib import Path

from django.db import transaction
from home.models import ArticlePage
from wagtail.models import Page, Site

SECTIONS = json.loads(Path(os.environ["SECTIONS"]).read_text())
home = Page.objects.get(pk=Site.objects.get(is_default_site=True).root_page_id)
body = [{"type": "section", "value": section} for section in SECTIONS]
with transaction.atomic():
    for number in range(int(os.environ["ARTICLES"])):
        page = ArticlePage(title=f"Nodes {number}", slug=f"nodes-{number}", summary="Nodes.", body=json.dumps(body))
        home.add_child(instance=page)
        page.save_revision().publish()
