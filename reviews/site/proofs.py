"""The page "Verify this page" and the proof as a file: who signed exactly this text, and how anyone can check it."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.frozen.signed_text import frozen_content
from articles.models import Article, Version, VersionText
from articles.models.notice import Notice
from articles.site.article_pages import at_its_address, of_a_version, works_told
from articles.site.facts import Facts, facts
from articles.site.page import page_of
from reviews.evidence.ledger import exporting, keys, proofs
from reviews.evidence.ledger.proofs import Proof
from reviews.models import Capacity, Checkpoint
from reviews.site.ledger_files import MAX_POSITION

NUMBERS = (  # of the clinicians
    gettext_lazy("No clinician signed exactly this text"),
    gettext_lazy("One clinician signed exactly this text"),
    gettext_lazy("Two clinicians signed exactly this text"),
    gettext_lazy("Three clinicians signed exactly this text"),
    gettext_lazy("Four clinicians signed exactly this text"),
    gettext_lazy("Five clinicians signed exactly this text"),
)
SIGNED_IN_WITH = {"password": gettext_lazy("password")}


@dataclass(frozen=True)
class Signed:
    """A signature as the ledger published it, with the event that recorded it."""

    printed_name: str
    credentials: str
    capacity: str
    capacity_in_a_sentence: str
    is_clinician: bool
    signed_at: datetime.datetime
    digest: str
    authenticated_by: str
    event: int


@dataclass(frozen=True)
class Recorded:
    """An event that the proof holds, in words."""

    position: int
    at: datetime.datetime
    words: str


@at_its_address
def proof(request: HttpRequest, article: Article) -> HttpResponse:
    """Show how to verify the version that readers see; 404 if none was published."""
    return _page(request, article, *_shown(article))


@at_its_address
def proof_file(request: HttpRequest, article: Article) -> HttpResponse:
    """Give the proof of the version that readers see, at the newest checkpoint; 404 if none was published."""
    version, _ = _shown(article)
    return _file(proof_at(version))


@of_a_version
def version_proof(request: HttpRequest, article: Article, version: Version, around: Facts) -> HttpResponse:
    """Show how to verify a version that is or was published."""
    return _page(request, article, version, around)


@of_a_version
def version_proof_file(request: HttpRequest, article: Article, version: Version, around: Facts) -> HttpResponse:
    """Give the proof of a version that is or was published, at the newest checkpoint."""
    return _file(proof_at(version))


@of_a_version
def version_proof_at(
    request: HttpRequest, article: Article, version: Version, around: Facts, size: int
) -> HttpResponse:
    """Give the proof at the checkpoint of this size, which a reader kept; 404 if there is none, or if it is older."""
    return _file(proof_at(version, size))


def proof_at(version: Version, size: int | None = None) -> Proof:
    """Return the proof at the newest checkpoint, or at that of this size; raise Http404 if none covers the version."""
    points = Checkpoint.objects.order_by("size")
    point = points.last() if size is None else points.filter(size=min(size, MAX_POSITION)).first()
    if point is None:
        raise Http404
    try:
        return proofs.proof_of(version, point)
    except proofs.NotYet:
        raise Http404 from None


def _shown(article: Article) -> tuple[Version, Facts]:
    version = article.published_version
    if version is None:
        raise Http404
    version.article = article
    return version, facts(article, version, version.written_for)


def _file(found: Proof) -> HttpResponse:
    response = HttpResponse(found.text, content_type="application/json")
    response["X-Robots-Tag"] = "noindex"
    return response


def _page(request: HttpRequest, article: Article, version: Version, around: Facts) -> HttpResponse:
    """Show the proof in words; raise NoProof if the ledger does not prove the version, DamagedText for another text."""
    found = proof_at(version)
    rows = [_signed(row) for row in found.facts["signatures"]]
    is_erased = _is_erased(version)
    context = {
        **around,
        **({} if is_erased else _works(version, around)),
        "article": article,
        "version": version,
        "proof": found,
        "size": len(found.text.encode()),
        "script_lines": exporting.verifier().count(b"\n"),
        "signed": rows,
        "clinicians": _clinicians(rows),
        "published_at": parse_datetime(found.facts["published_at"]),
        "events": _events(found.facts, rows),
        "key_id": keys.key_id_of(found.public_key),
        "is_erased": is_erased,
        "read_again": [
            {"names": _who_read_again(row), "day": datetime.date.fromisoformat(row["last_reviewed"])}
            for row in found.facts.get("read_again", [])
        ],
    }
    response = render(request, "site/proof.html", context)
    response["X-Robots-Tag"] = "noindex"
    return response


def _works(version: Version, around: Facts) -> dict[str, Any]:
    """Return the retracted and doubted works that readers are told of; the text is read only if there are any."""
    if not (around["retracted_works"] or around["doubted_works"]):
        return {}
    return {**works_told(around, page_of(version, version.written_for))}


def _is_erased(version: Version) -> bool:
    """Tell whether the text was lawfully erased; raise DamagedText if the stored text is not the signed one."""
    try:
        frozen_content(version)
    except VersionText.DoesNotExist:
        return True
    return False


def _signed(row: dict[str, Any]) -> Signed:
    return Signed(
        printed_name=row["printed_name"],
        credentials=row["credentials"],
        capacity=str(Capacity(row["capacity"]).label),
        capacity_in_a_sentence=str(Capacity(row["capacity"]).in_a_sentence),
        is_clinician=row["capacity"] in Capacity.counting(),
        signed_at=_moment(row["signed_at"]),
        digest=row["digest"],
        authenticated_by=str(SIGNED_IN_WITH.get(row["authenticated_by"], row["authenticated_by"])),
        event=row["event"],
    )


def _clinicians(rows: list[Signed]) -> str:
    """Return in a sentence how many clinicians signed."""
    number = sum(row.is_clinician for row in rows)
    if number < len(NUMBERS):
        return str(NUMBERS[number])
    return _("{number} clinicians signed exactly this text").format(number=number)


def _events(told: dict[str, Any], rows: list[Signed]) -> list[Recorded]:
    """Return the events of the version in words, in their order."""
    recorded = [
        Recorded(
            told["submitted_in"], _moment(told["submitted_at"]), _("The text was frozen and submitted for review.")
        ),
        Recorded(told["published_in"], _moment(told["published_at"]), _("The text was published.")),
        *(Recorded(row.event, row.signed_at, _("{name} approved it.").format(name=row.printed_name)) for row in rows),
    ]
    for again in told.get("read_again", []):
        said = _("Read again, no change needed: {names}.").format(names=_who_read_again(again))
        recorded.append(Recorded(again["event"], _moment(again["at"]), said))
    for notice in told["notices"]:
        name = Notice.Kind(notice["kind"]).label
        words = [_("{kind}: a notice was issued.").format(kind=name)]
        if notice["lifted_by"]:
            words.append(_("Event {number} lifted it.").format(number=notice["lifted_by"]))
        recorded.append(Recorded(notice["event"], _moment(notice["at"]), " ".join(words)))
    if urgency := told.get("urgency"):
        recorded += _urgent_events(urgency)
    return sorted(recorded, key=lambda row: row.position)


def _who_read_again(again: dict[str, Any]) -> str:
    signed = sorted(again["signatures"].values(), key=lambda row: str(row["signed_at"]))
    return "; ".join(", ".join(filter(None, (row["printed_name"], row["credentials"]))) for row in signed)


def _urgent_events(urgent: dict[str, Any]) -> list[Recorded]:
    """Return the declaration that the review was urgent, and the completion of the full review if there is one."""
    words = _("An editor declared the review urgent: one approval sufficed.")
    declared = Recorded(urgent["declared_in"], _moment(urgent["declared_at"]), words)
    if urgent["completed_in"] is None:
        return [declared]
    at = _moment(urgent["completed_at"])
    return [declared, Recorded(urgent["completed_in"], at, _("The full review was complete."))]


def _moment(text: str) -> datetime.datetime:
    found = parse_datetime(text)
    if found is None:
        raise ValueError(text)
    return found
