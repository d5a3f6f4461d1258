"""
The page of an article in the words of schema.org.

It claims nothing that the page does not show: its values are those facts, and those parts of the frozen text, that the
templates print. A pending text has none, for nobody has approved it.
"""

import datetime
from typing import Any

from django.urls import reverse

from articles.models import Version
from articles.review_process import Approval, ShownNotice, Translation, review_process
from articles.site.facts import Facts
from articles.site.machines.json_ld import NAME, Data, publisher
from articles.site.machines.json_ld.frozen import RETRACTED, person_named
from articles.site.machines.json_ld.notices import comment
from articles.site.machines.words.standing import description, named, standing_for_programs
from articles.site.page import Page

AUDIENCES = {  # the audiences that schema.org has a type for; of others the label is said
    "public": {"@type": "Patient"},
    "carer": {"@type": "PeopleAudience", "audienceType": "Caregiver"},
    "professional": {"@type": "MedicalAudience", "audienceType": "Clinician"},
}


def article_data(site: str, address: str, version: Version, audience: str, page: Page, around: Facts) -> Data:
    """Return what the page at this address says of a version that is or was published."""
    data: Data = {
        "@type": "WebPage" if version.is_policy else "MedicalWebPage",
        "url": site + address,
        "name": named(version, around),
        "description": description(page, around),
        "inLanguage": version.language,
        "isPartOf": {"@type": "WebSite", "@id": f"{site}/#website", "name": NAME, "url": f"{site}/"},
        "publisher": publisher(site),
        "creativeWorkStatus": standing_for_programs(around),
        "version": version.number,
        "identifier": {"@type": "PropertyValue", "propertyID": "SHA-256", "value": version.digest},
        "datePublished": day(around["first_published"]),
        "dateModified": day(around["updated"]),
        "audience": AUDIENCES.get(audience) or {"@type": "Audience", "audienceType": page.labels[audience]},
        **page.linked,
        "image": [{**image, "contentUrl": site + image["contentUrl"]} for image in page.images],
        "citation": _works(page, around),
        "about": [_topic(site, topic, around, version) for topic in around["topics"]],
        "publishingPrinciples": site + reverse("editorial_policy") if around["has_policy"] else "",
        "encoding": _other_forms(site, address, audience),
        **_translations(site, around),
        **_reviewed(site, around),
        **_notices(site, around),
        **_question(site + address, version, page, around),
    }
    return {name: value for name, value in data.items() if value not in ("", [], None)}


FORMS = {"md": "text/markdown", "pdf": "application/pdf"}


def _other_forms(site: str, address: str, audience: str) -> list[Data]:
    """Return the Markdown and the PDF of the current text, beside its page; the pages of versions have none."""
    if not address.endswith(f"/for/{audience}/"):
        return []
    return [
        {"@type": "MediaObject", "encodingFormat": kind, "contentUrl": f"{site}{address[:-1]}.{ending}"}
        for ending, kind in FORMS.items()
    ]


def _translations(site: str, around: Facts) -> Data:
    """Return the original of a translation; of an original its public translations."""
    original = around["original"]
    if original or around["is_older"]:
        return {"translationOfWork": _work(site, original)} if original else {}
    return {"workTranslation": [_work(site, row) for row in around["others"] if not row.is_original]}


def _work(site: str, row: Translation) -> Data:
    url = site + reverse("article", args=[row.slug])
    return {"@type": "MedicalWebPage", "url": url, "inLanguage": row.language}


def day(at: datetime.date | None) -> str:
    return at.strftime("%Y-%m-%d") if at else ""


def _topic(site: str, topic: Any, around: Facts, version: Version) -> Data:
    is_linked = not around["is_older"] and not around["pulled"] and not version.is_policy
    return {"@type": "Thing", "name": topic.name, **({"url": site + topic.get_absolute_url()} if is_linked else {})}


def _works(page: Page, around: Facts) -> list[Data]:
    """Return the cited works, those called retracted that were retracted after the text was frozen."""
    numbers = {page.not_called_retracted.get(work.key) for work in around["retracted_works"]}
    status = {"creativeWorkStatus": RETRACTED}
    return [{**work, **(status if work["position"] in numbers else {})} for work in page.linked.get("citation", [])]


def _reviewed(site: str, around: Facts) -> Data:
    """
    Return who read the shown text in full, and when last; nothing unless that is so today.

    It is not so of an older text, of one without a valid full review behind it, nor while a notice pulls it or doubts
    it: a program might pass on the names without the notice.
    """
    if around["reviewed"] is None or around["concern"]:
        return {}
    signers = [*(around["full_review"] or around["signatures"])]
    if confirmed := around["confirmed"]:
        known = {signer.printed_name for signer in signers}
        signers += [signer for signer in confirmed.signatures if signer.printed_name not in known]
    return {"reviewedBy": [_signer(site, signer) for signer in signers], "lastReviewed": day(around["reviewed"])}


def _signer(site: str, signer: Approval) -> Data:
    person = person_named(signer.printed_name, signer.credentials)
    return {**person, "url": site + review_process().board_member(signer.person)} if signer.person else person


def _notices(site: str, around: Facts) -> Data:
    """Return corrections as `correction`, and all other notices as comments."""
    said = [(row.notice, comment(site, row.notice, _called(row))) for row in around["notices"]]
    return {
        "correction": [data for notice, data in said if notice.consequences.travels],
        "comment": [data for notice, data in said if not notice.consequences.travels],
    }


def _called(row: ShownNotice) -> str:
    return row.title


def _question(address: str, version: Version, page: Page, around: Facts) -> Data:
    """
    Return the question of a page that answers one, and its answer.

    The answer of an approved text is accepted. One under an expression of concern, or whose full review is due, is only
    suggested. A replaced or pulled one is no answer.
    """
    if not version.is_question:
        return {}
    question: Data = {"@type": "Question", "name": version.title}
    if not page.answer or around["pulled"] or around["is_older"]:
        return {"mainEntity": question}
    answer = {"@type": "Answer", "text": page.answer, "url": address, "datePublished": day(around["updated"])}
    people = {name: people for name, people in page.linked.items() if name == "author"}
    is_doubted = around["concern"] or around["full_review_due"]
    kind = "suggestedAnswer" if is_doubted else "acceptedAnswer"
    answered = {**question, "answerCount": 1, kind: {**answer, **people}}
    return {"@type": ["MedicalWebPage", "QAPage"], "mainEntity": answered}
