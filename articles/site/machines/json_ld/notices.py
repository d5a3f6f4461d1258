"""Public notices in the words of schema.org."""

from django.urls import reverse

from articles.models import Notice
from articles.site.machines.json_ld import Data


def comment(site: str, notice: Notice, name: str) -> Data:
    """Return a notice under this name: a correction, or a comment of another kind."""
    return {
        "@type": "CorrectionComment" if notice.consequences.travels else "Comment",
        "name": name,
        "url": site + reverse("public_notice", args=[notice.pk]),
        "text": notice.reason,
        "datePublished": notice.issued_at.strftime("%Y-%m-%d"),
        "author": {"@type": "Person", "name": notice.issued_by_name},
    }


def issued(site: str, notice: Notice, title: str, link: str) -> Data:
    """Return a notice with the text that it is about, which has no title while it is removed, and with its lifting."""
    kind = notice.get_kind_display()
    lifting = getattr(notice, "lifted_by", None)
    data = comment(site, notice, f"{kind}, lifted" if lifting else kind)
    if title:
        data["about"] = {"@type": "WebPage", "url": site + link, "name": title}
    if lifting:
        data["comment"] = {
            "@type": "Comment",
            "text": lifting.reason,
            "datePublished": lifting.issued_at.strftime("%Y-%m-%d"),
            "author": {"@type": "Person", "name": lifting.issued_by_name},
        }
    return data
