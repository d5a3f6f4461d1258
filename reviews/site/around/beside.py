"""The facts beside a version that are no part of its review: topics, audiences, disclaimer, related articles, works."""

from typing import Any, NamedTuple

from django.db.models import Count

from articles.models import Article, Audience, Disclaimer, GlossaryTerm, Notice, Version, VersionReference, VersionTopic
from articles.models.rows.as_sql import literals
from articles.text.citations.reference import DOUBTED
from articles.text.citations.retractions.standing import ON_A_LIST
from reviews.site.around.arms import Arm, Asked
from reviews.workflow.approval.full_review.resting import as_reviewed

RELATED = 5
RELATED_AMONG = 200  # the newest versions on each topic: so the cost does not grow with the library


class Topics(NamedTuple):
    """A topic of the version, with its name at submission and its current address."""

    name: str
    slug: str


class Audiences(NamedTuple):
    """An audience that readers can choose."""

    position: int
    key: str
    label: str


class Disclaimers(NamedTuple):
    """The newest confirmed disclaimer of the audience."""

    text: str


class Sharing(NamedTuple):
    """
    A listed article that shares topics with this one: five at most, those with the most shared topics first.

    Only the newest versions on each topic are considered.
    """

    shared: int
    title: str
    slug: str
    language: str
    has_concern: int
    has_correction: int
    is_overdue: int


class Policies(NamedTuple):
    """The editorial policy that readers can open; the oldest one of several."""

    article: int


class Works(NamedTuple):
    """
    A work that the version cites, as CSL-JSON, with what the list of retractions says of it, as `said_of` has it.

    Only works on that list, and those whose entry in the library may call them retracted or doubted.
    """

    key: str
    as_frozen: str
    as_it_is: str
    listed: str


class Glossary(NamedTuple):
    """A word that the editors explain, in the language of the version."""

    word: str
    forms: str
    definition: str


def arms() -> list[Arm[Any]]:
    return [
        Arm(Topics, TOPICS, topics, order=lambda row: row.name),
        Arm(Audiences, AUDIENCES, audiences, order=lambda row: (row.position, row.key)),
        Arm(Disclaimers, DISCLAIMERS, disclaimers),
        Arm(Sharing, SHARING, sharing, order=lambda row: (-row.shared, row.title, row.slug)),
        Arm(Policies, POLICIES, policies),
        Arm(Works, WORKS, works, order=lambda row: row.key),
        Arm(Glossary, GLOSSARY, glossary, order=lambda row: row.word),
    ]


TOPICS = """
    SELECT filed.name, topic.slug
    FROM articles_versiontopic AS filed
    JOIN articles_topic AS topic ON topic.id = filed.topic_id
    WHERE filed.version_id = %(version)s
"""


def topics(asked: Asked) -> list[Topics]:
    rows = VersionTopic.objects.filter(version=asked.version)
    return [Topics(*row) for row in rows.values_list("name", "topic__slug")]


AUDIENCES = "SELECT position, key, label FROM articles_audience"


def audiences(asked: Asked) -> list[Audiences]:
    return [Audiences(*row) for row in Audience.objects.values_list("position", "key", "label")]


DISCLAIMERS = """
    SELECT disclaimer.text
    FROM articles_disclaimer AS disclaimer
    JOIN articles_audience AS audience ON audience.id = disclaimer.audience_id AND audience.key = %(audience)s
    JOIN articles_disclaimerconfirmation AS confirmation ON confirmation.disclaimer_id = disclaimer.id
    ORDER BY disclaimer.number DESC
    LIMIT 1
"""


def disclaimers(asked: Asked) -> list[Disclaimers]:
    rows = Disclaimer.objects.in_force().filter(audience__key=asked.audience)
    return [Disclaimers(*row) for row in rows.values_list("text")]


OFF_LISTS = f"""
    SELECT 1 FROM in_force
    WHERE in_force.version_id = article.published_version_id
      AND in_force.kind IN ({literals(Notice.kinds("leaves_lists"))})
"""  # noqa: S608 (the kinds are ours)

RELATED_TEXTS = f"""related AS MATERIALIZED (
    SELECT COUNT(*) AS shared, version.id AS version, version.number, version.title, version.language,
           article.id AS article, article.slug, article.next_review_due AS due
    FROM articles_versiontopic AS mine
    JOIN articles_versiontopic AS theirs ON theirs.topic_id = mine.topic_id AND theirs.id > COALESCE((
        SELECT older.id FROM articles_versiontopic AS older WHERE older.topic_id = mine.topic_id
        ORDER BY older.id DESC LIMIT 1 OFFSET {RELATED_AMONG}
    ), 0)
    JOIN articles_article AS article
      ON article.published_version_id = theirs.version_id AND article.id <> %(article)s
    JOIN articles_version AS version
      ON version.id = theirs.version_id AND version.kind <> '{Article.Kind.POLICY}'
    WHERE mine.version_id = %(version)s AND NOT EXISTS ({OFF_LISTS})
    GROUP BY version.id, version.title, version.number, article.id, article.slug, version.language,
             article.next_review_due
    ORDER BY shared DESC, version.title, article.slug
    LIMIT {RELATED}
), """  # noqa: S608 (the kinds are ours)
THIS = "SELECT id FROM articles_version WHERE id = %(version)s"
LATE = "SELECT version FROM related WHERE due < %(today)s"  # past their review date, if their full review is valid

SHARING = f"""
    SELECT other.shared, other.title, other.slug, other.language,
           CASE WHEN EXISTS (
               SELECT 1 FROM in_force
               WHERE in_force.version_id = other.version AND in_force.kind IN ({literals(Notice.kinds("doubts"))})
           ) THEN 1 ELSE 0 END AS has_concern,
           CASE WHEN EXISTS (
               SELECT 1
               FROM in_force
               JOIN articles_version AS named ON named.id = in_force.version_id AND named.article_id = other.article
               JOIN reviews_review AS review ON review.version_id = named.id AND review.published_at IS NOT NULL
               WHERE in_force.kind IN ({literals(Notice.kinds("travels"))}) AND named.number <= other.number
           ) THEN 1 ELSE 0 END AS has_correction,
           CASE WHEN EXISTS (
               SELECT 1 FROM stands WHERE stands.root = other.version AND other.due < %(today)s
           ) THEN 1 ELSE 0 END AS is_overdue
    FROM related AS other
"""  # noqa: S608 (the kinds are ours)


def sharing(asked: Asked) -> list[Sharing]:
    mine = VersionTopic.objects.filter(version=asked.version).values_list("topic", flat=True)
    newest = [VersionTopic.objects.filter(topic=topic).order_by("-pk")[:RELATED_AMONG] for topic in mine]
    filed = [row.pk for rows in newest for row in rows]
    others = Article.objects.in_lists().exclude(pk=asked.article)
    rows = others.filter(published_version__version_topics__in=filed)
    rows = rows.annotate(shared=Count("published_version__version_topics"))
    rows = rows.order_by("-shared", "published_version__title", "slug")
    shared = dict(rows.values_list("pk", "shared")[:RELATED])
    found = as_reviewed(rows.select_related("published_version__review")[:RELATED])
    return [
        Sharing(
            shared[row.pk],
            version.title,
            row.slug,
            version.language,
            int(row.has_concern),
            int(row.has_correction),
            int(bool(row.reviewed and row.next_review_due and row.next_review_due.isoformat() < asked.today)),
        )
        for row in found
        if (version := row.published_version)
    ]


POLICIES = f"""
    SELECT article.id AS article
    FROM articles_article AS article
    JOIN articles_version AS version
      ON version.id = article.published_version_id AND version.kind = '{Article.Kind.POLICY}'
    WHERE NOT EXISTS ({OFF_LISTS})
    ORDER BY article.id
    LIMIT 1
"""  # noqa: S608 (the kinds are ours)


def policies(asked: Asked) -> list[Policies]:
    return [Policies(*row) for row in Article.objects.policies().order_by("pk").values_list("pk")[:1]]


GRAVITY = " ".join(f"WHEN '{standing}' THEN {place}" for place, standing in enumerate(ON_A_LIST))

WORKS = f"""
    SELECT key, as_frozen, as_it_is, listed
    FROM (
        SELECT cited.key, cited.csl_text AS as_frozen, work.csl AS as_it_is, COALESCE((
            SELECT entry.standing || ' ' || COALESCE(CAST(entry.day AS text), '') || ' ' || entry.notice
            FROM articles_retraction AS entry
            WHERE entry.identifier IN ('doi:' || work.doi, 'pmid:' || work.pmid)
            ORDER BY CASE entry.standing {GRAVITY} END
            LIMIT 1
        ), '') AS listed
        FROM articles_versionreference AS cited
        JOIN articles_reference AS work ON work.id = cited.reference_id
        WHERE cited.version_id = %(version)s
    ) AS cited_work
    WHERE listed <> '' OR LOWER(as_it_is) LIKE '%%retracted%%' OR LOWER(as_it_is) LIKE '%%{DOUBTED}%%'
"""  # noqa: S608 (the standings are ours)


def works(asked: Asked) -> list[Works]:
    rows = VersionReference.objects.filter(version=asked.version).perhaps_doubted()
    return [Works(*row) for _version, *row in rows]


GLOSSARY = """
    SELECT term.word, term.forms, term.definition
    FROM articles_glossaryterm AS term
    JOIN articles_version AS version ON version.id = %(version)s AND version.language = term.language
"""


def glossary(asked: Asked) -> list[Glossary]:
    rows = GlossaryTerm.objects.filter(language=Version.objects.get(pk=asked.version).language)
    return [Glossary(*row) for row in rows.values_list("word", "forms", "definition")]
