"""The signatures that a byline names."""

import datetime
from typing import Any, NamedTuple

from django.db.models import F
from django.db.models.expressions import RawSQL

from articles.models import Version
from articles.models.rows.as_sql import as_sql
from articles.text.canonical import canonical
from reviews.models import Attestation, BoardMember, Signature
from reviews.site.around.arms import Arm, Asked
from reviews.workflow.approval import full_review

THIS_TEXT, FULL_REVIEW = "this text", "full review"
SINCE: dict[str, str] = {Version.Change.MINOR: "minor since", Version.Change.CORRECTION: "correction since"}


class Approvals(NamedTuple):
    """
    A signature that a byline names (`Signature.objects.in_bylines`).

    `text` names the signed text: the version itself, the version of its last full review if that review is valid, or
    a smaller change between the two. `person` is the signer's number on the board's page, None if they left.
    `statement` is what they signed, and `digest` the text that they signed it for.
    """

    text: str
    id: int
    printed_name: str
    credentials: str
    capacity: str
    person: int | None
    signed_at: datetime.datetime
    statement: str
    digest: str


class Attested(NamedTuple):
    """The newest attestation at its full quorum of the version, or of one between it and its full review."""

    number: int
    counted: str  # the signatures, as `Attestation.counted` in JSON


def arms() -> list[Arm[Any]]:
    return [
        Arm(Approvals, select(), by_queryset, order=lambda row: (row.signed_at, row.id)),
        Arm(Attested, ATTESTED, attested),
    ]


ATTESTED = """
    SELECT line.number, attestation.counted
    FROM line
    JOIN reviews_attestation AS attestation
      ON attestation.version_id = line.id AND attestation.last_reviewed IS NOT NULL
    WHERE line.root = %(version)s
    ORDER BY attestation.attested_at DESC, attestation.id DESC
    LIMIT 1
"""


def attested(asked: Asked) -> list[Attested]:
    line = [row.version_id for row in full_review.line(Version.objects.get(pk=asked.version).review)]
    found = Attestation.objects.complete().filter(version__in=line).select_related("version")
    row = found.order_by("-attested_at", "-pk").first()
    return [Attested(row.version.number, canonical(row.counted))] if row else []


def select() -> str:
    of_these = RawSQL("SELECT id FROM signed", [])  # so that the query plan does not start with all signatures
    named = Signature.objects.in_bylines().filter(version__in=of_these).order_by()
    columns = (
        "id",
        "version_id",
        "printed_name",
        "credentials",
        "capacity",
        "signer_id",
        "signed_at",
        "statement",
        "digest",
    )
    seated = BoardMember.objects.seated().order_by().values(account=F("user_id"), person=F("user__contributor"))
    since = " ".join(f"WHEN '{change}' THEN '{text}'" for change, text in SINCE.items())
    return f"""
    WITH signed AS MATERIALIZED (
        SELECT id, '{THIS_TEXT}' AS text FROM articles_version WHERE id = %(version)s
        UNION ALL
        SELECT id, '{FULL_REVIEW}' FROM stands WHERE root = %(version)s AND id <> %(version)s
        UNION ALL
        SELECT id, CASE change {since} END
        FROM line
        WHERE root = %(version)s AND change <> '{Version.Change.MAJOR}' AND id <> %(version)s
          AND EXISTS (SELECT 1 FROM stands WHERE root = %(version)s)
    )
    SELECT signed.text, named.id, named.printed_name, named.credentials, named.capacity, seated.person, named.signed_at,
        named.statement, named.digest
    FROM signed
    JOIN ({as_sql(named.values(*columns))}) AS named ON named.version_id = signed.id
    LEFT JOIN ({as_sql(seated)}) AS seated ON seated.account = named.signer_id
    """  # noqa: S608 (of our own querysets)


def by_queryset(asked: Asked) -> list[Approvals]:
    texts = signed_texts(Version.objects.get(pk=asked.version))
    people = dict(BoardMember.objects.seated().values_list("user_id", "user__contributor"))
    signatures = Signature.objects.in_bylines().filter(version__in=texts)
    columns = (
        "version_id",
        "id",
        "printed_name",
        "credentials",
        "capacity",
        "signer_id",
        "signed_at",
        "statement",
        "digest",
    )
    return [
        Approvals(texts[version], pk, name, credentials, capacity, people.get(signer), at, *said)
        for version, pk, name, credentials, capacity, signer, at, *said in signatures.values_list(*columns)
    ]


def signed_texts(version: Version) -> dict[int, str]:
    """Return the versions whose signatures the byline of this version names, each with its relation to this one."""
    *since, first = full_review.line(version.review)
    if first.version_id == version.pk or full_review.why_missing(version.review):
        return {version.pk: THIS_TEXT}
    smaller = {row.version_id: SINCE[row.change] for row in since}
    return {**smaller, first.version_id: FULL_REVIEW, version.pk: THIS_TEXT}
