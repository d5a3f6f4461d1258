from articles.models.article import Article, ArticleTopic, Authorship, Slug
from articles.models.audience import Audience, Disclaimer, DisclaimerConfirmation
from articles.models.notice import Notice, NoticeVersion
from articles.models.people import Contributor
from articles.models.reader_input import Feedback, Question
from articles.models.reference import ArticleReference, Reference
from articles.models.section import LastImport, Section, Wording
from articles.models.topic import Topic
from articles.models.version import Version, VersionReference, VersionText, VersionTopic

__all__ = [
    "Article",
    "ArticleReference",
    "ArticleTopic",
    "Audience",
    "Authorship",
    "Contributor",
    "Disclaimer",
    "DisclaimerConfirmation",
    "Feedback",
    "LastImport",
    "Notice",
    "NoticeVersion",
    "Question",
    "Reference",
    "Section",
    "Slug",
    "Topic",
    "Version",
    "VersionReference",
    "VersionText",
    "VersionTopic",
    "Wording",
]
