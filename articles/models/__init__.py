from articles.models.article import Article, ArticleTopic, Authorship, Slug
from articles.models.audience import Audience, Disclaimer, DisclaimerConfirmation
from articles.models.notice import Notice, NoticeVersion
from articles.models.people import Contributor
from articles.models.reader_input import Feedback, Question, RedFlag, SentQuestion
from articles.models.reference import ArticleReference, Reference
from articles.models.rows.found import Meaning, Passage, Postings, SearchIndex, Term
from articles.models.rows.names import ArticleName, SynonymGroup
from articles.models.section import LastImport, Section, Wording
from articles.models.topic import Topic
from articles.models.version import Version, VersionReference, VersionText, VersionTopic

__all__ = [
    "Article",
    "ArticleName",
    "ArticleReference",
    "ArticleTopic",
    "Audience",
    "Authorship",
    "Contributor",
    "Disclaimer",
    "DisclaimerConfirmation",
    "Feedback",
    "LastImport",
    "Meaning",
    "Notice",
    "NoticeVersion",
    "Passage",
    "Postings",
    "Question",
    "RedFlag",
    "Reference",
    "SearchIndex",
    "Section",
    "SentQuestion",
    "Slug",
    "SynonymGroup",
    "Term",
    "Topic",
    "Version",
    "VersionReference",
    "VersionText",
    "VersionTopic",
    "Wording",
]
