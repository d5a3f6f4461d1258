"""The one statement that fetches what stands around a text: `around`."""

import datetime
from typing import NamedTuple

from django.db import connection
from django.utils.dateparse import parse_datetime

from articles.models.people import Role
from articles.site.resting import beginning

RELATED = 5


class Row(NamedTuple):
    """
    One fact around a version. What the other columns hold depends on the first:

    | fact | number | one | two | three | four | at |
    |---|---|---|---|---|---|---|
    | notice | its id | kind | reason | issuer | numbers of the versions it names, a row each | issued at |
    | signature, full review | its id | printed name | credentials | capacity | id on the board page | signed at |
    | minor since, correction since | as of a signature | | | | | |
    | asked | how many reviewers are asked | how many decided | | | | the first one, at |
    | newer | as of asked: of the article's version on its way, where that is another one | | | | | |
    | earlier | of the version published before it, unless that is removed | | | | | |
    | topic | | name then | address | | | |
    | audience | position | key | label | | | |
    | disclaimer | its number | text | | | | |
    | related | topics shared | title | address | language | kinds in force: concern, correction | |
    | policy | | | | | | |
    | retracted | | key | CSL-JSON as it is frozen | CSL-JSON as the library has it now | | |
    """

    fact: str
    number: int
    one: str
    two: str
    three: str
    four: str
    at: datetime.datetime | None


def around(article: int, version: int, audience: str) -> dict[str, list[Row]]:
    """
    Return what may change around a version of an article, by fact; one query, whatever the size of the library.

    Notices are those in force on the version, and the corrections of versions published before it, newest first.
    Signatures are those that approve exactly its text and stand: an approval, live, on its digest, no lay reader's, in
    a review that ended in approval; oldest first. Of a minor change or a correction there are besides those of the last
    full review that still stands behind it, and of the smaller changes between the two. The disclaimer is the newest
    confirmed one of the audience. Related articles share a topic with it and may be named on lists: at most five, those
    that share most first. There is a row for the policy when readers can open one.
    The retracted are works the version cites, of which the library says today, somewhere, that they are retracted.
    """
    named = {"article": article, "version": version, "audience": audience}
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, {**named, "board": Role.REVIEWER.group, "related": RELATED})
        rows = [Row(*columns, _moment(at)) for *columns, at in cursor.fetchall()]
    found = {fact: [row for row in rows if row.fact == fact] for fact in _ORDER}
    return {fact: sorted(found[fact], key=order) for fact, order in _ORDER.items()}


# Sorted here and not there: the parts of a UNION come in no promised order.
_ORDER = {
    "notice": lambda row: (-row.at.timestamp(), -row.number),
    "signature": lambda row: (row.at, row.number),
    "full review": lambda row: (row.at, row.number),
    "minor since": lambda row: (row.at, row.number),
    "correction since": lambda row: (row.at, row.number),
    "asked": lambda row: 0,
    "newer": lambda row: 0,
    "earlier": lambda row: 0,
    "topic": lambda row: row.one,
    "audience": lambda row: (row.number, row.one),
    "disclaimer": lambda row: 0,
    "related": lambda row: (-row.number, row.one, row.two),
    "policy": lambda row: 0,
    "retracted": lambda row: row.one,
}


def _moment(value) -> datetime.datetime | None:
    """Return the time of a row; SQLite keeps times as text, in UTC."""
    return parse_datetime(value).replace(tzinfo=datetime.UTC) if isinstance(value, str) else value


_FACTS = """, whole AS (
    SELECT id
    FROM stands
    WHERE id <> %(version)s
), signed AS (
    SELECT id, 'signature' AS fact
    FROM articles_version
    WHERE id = %(version)s
    UNION ALL
    SELECT id, 'full review'
    FROM whole
    UNION ALL
    SELECT line.id, line.change || ' since'
    FROM line
    WHERE line.change <> 'major' AND line.id <> %(version)s AND EXISTS (SELECT 1 FROM whole)
)
SELECT 'notice', in_force.id, in_force.kind, in_force.reason, in_force.issued_by_name,
       CAST(told.number AS text), in_force.issued_at
FROM in_force
JOIN articles_version AS told ON told.id = in_force.version_id
JOIN articles_version AS shown ON shown.id = %(version)s AND shown.article_id = told.article_id
JOIN reviews_review AS review ON review.version_id = told.id
WHERE told.id = shown.id
   OR (in_force.kind = 'correction' AND told.number < shown.number AND review.published_at IS NOT NULL)

UNION ALL
SELECT signed.fact, signature.id, signature.printed_name, signature.credentials, signature.capacity,
       CAST(on_board.person AS text), signature.signed_at
FROM signed
JOIN reviews_signature AS signature ON signature.version_id = signed.id
JOIN articles_version AS version ON version.id = signature.version_id AND version.digest = signature.digest
JOIN reviews_decision AS decision ON decision.signature_id = signature.id AND decision.outcome = 'approve'
JOIN reviews_review AS review
  ON review.id = decision.review_id AND review.version_id = signature.version_id AND review.status = 'approved'
LEFT JOIN (
    SELECT account.id AS account, person.id AS person
    FROM auth_user AS account
    JOIN auth_user_groups AS membership ON membership.user_id = account.id
    JOIN auth_group AS role ON role.id = membership.group_id AND role.name = %(board)s
    JOIN reviews_boardmember AS member ON member.user_id = account.id
    JOIN articles_contributor AS person ON person.user_id = account.id
    WHERE account.is_active
) AS on_board ON on_board.account = signature.signer_id
WHERE signature.meaning = 'approval' AND signature.capacity <> 'lay'
  AND NOT EXISTS (SELECT 1 FROM reviews_decision AS later WHERE later.supersedes_id = decision.id)

UNION ALL
SELECT CASE WHEN review.version_id = %(version)s THEN 'asked' ELSE 'newer' END,
       COUNT(assignment.id) - COUNT(assignment.ended_at),
       CAST(COUNT(CASE WHEN assignment.ended_as = 'decided' THEN 1 END) AS text), '', '', '',
       MIN(assignment.assigned_at)
FROM reviews_review AS review
LEFT JOIN reviews_assignment AS assignment ON assignment.review_id = review.id
WHERE review.version_id = %(version)s
   OR (review.article_id = %(article)s AND review.status IN ('submitted', 'under_review'))
GROUP BY review.id, review.version_id

UNION ALL
SELECT 'earlier', before.number, '', '', '', '', NULL
FROM (
    SELECT version.id, version.number
    FROM articles_version AS version
    JOIN articles_version AS this ON this.id = %(version)s AND version.number < this.number
    JOIN reviews_review AS review ON review.version_id = version.id AND review.published_at IS NOT NULL
    WHERE version.article_id = %(article)s
    ORDER BY version.number DESC
    LIMIT 1
) AS before
WHERE NOT EXISTS (SELECT 1 FROM in_force WHERE in_force.version_id = before.id AND in_force.kind = 'removal')

UNION ALL
SELECT 'topic', 0, filed.name, topic.slug, '', '', NULL
FROM articles_versiontopic AS filed
JOIN articles_topic AS topic ON topic.id = filed.topic_id
WHERE filed.version_id = %(version)s

UNION ALL
SELECT 'audience', position, key, label, '', '', NULL
FROM articles_audience

UNION ALL
SELECT 'disclaimer', number, text, '', '', '', NULL
FROM (
    SELECT disclaimer.number, disclaimer.text
    FROM articles_disclaimer AS disclaimer
    JOIN articles_audience AS audience ON audience.id = disclaimer.audience_id AND audience.key = %(audience)s
    JOIN articles_disclaimerconfirmation AS confirmation ON confirmation.disclaimer_id = disclaimer.id
    ORDER BY disclaimer.number DESC
    LIMIT 1
) AS newest

UNION ALL
SELECT 'related', related.shared, related.title, related.slug, related.language,
       COALESCE((SELECT MAX(kind) FROM in_force WHERE version_id = related.version AND kind = 'concern'), '') || ' ' ||
       COALESCE((
           SELECT MAX(in_force.kind)
           FROM in_force
           JOIN articles_version AS told ON told.id = in_force.version_id AND told.article_id = related.article
           JOIN reviews_review AS review ON review.version_id = told.id AND review.published_at IS NOT NULL
           WHERE in_force.kind = 'correction' AND told.number <= related.number
       ), ''), NULL
FROM (
    SELECT COUNT(*) AS shared, version.id AS version, version.number, version.title, version.language,
           article.id AS article, article.slug
    FROM articles_versiontopic AS mine
    JOIN articles_versiontopic AS theirs ON theirs.topic_id = mine.topic_id
    JOIN articles_article AS article
      ON article.published_version_id = theirs.version_id AND article.id <> %(article)s
    JOIN articles_version AS version ON version.id = theirs.version_id AND version.kind <> 'policy'
    WHERE mine.version_id = %(version)s
      AND NOT EXISTS (
        SELECT 1 FROM in_force
        WHERE in_force.version_id = theirs.version_id AND in_force.kind IN ('retraction', 'withdrawal', 'removal')
      )
    GROUP BY version.id, version.title, version.number, article.id, article.slug, version.language
    ORDER BY shared DESC, version.title, article.slug
    LIMIT %(related)s
) AS related

UNION ALL
SELECT 'policy', 0, '', '', '', '', NULL
WHERE EXISTS (
    SELECT 1
    FROM articles_article AS article
    JOIN articles_version AS version ON version.id = article.published_version_id AND version.kind = 'policy'
    WHERE NOT EXISTS (
        SELECT 1 FROM in_force
        WHERE in_force.version_id = version.id AND in_force.kind IN ('retraction', 'withdrawal', 'removal')
    )
)

UNION ALL
SELECT 'retracted', 0, cited.key, cited.csl_text, work.csl, '', NULL
FROM articles_versionreference AS cited
JOIN articles_reference AS work ON work.id = cited.reference_id
WHERE cited.version_id = %(version)s AND LOWER(work.csl) LIKE '%%retracted%%'
"""
_AROUND = "\n".join([beginning("%(version)s"), _FACTS])
