from articles.models.article import Article, ArticleTopic, Authorship, Slug
from articles.models.figure import Figure, Picture, PictureFile, VersionPicture
from articles.models.notice import Notice, NoticeVersion
from articles.models.people import Contributor
from articles.models.reader_input.opinions import Feedback, Helpfulness
from articles.models.reader_input.questions import Question
from articles.models.reader_input.red_flags import RedFlag
from articles.models.reader_input.reports import ErrorReport, ReportStep
from articles.models.reader_input.sent import SentForm
from articles.models.reference import ArticleReference, Reference
from articles.models.rows.found import Meaning, Passage, Postings, SearchIndex, Term
from articles.models.rows.glossary import GlossaryTerm
from articles.models.rows.names import ArticleName, SynonymGroup
from articles.models.section import Autosave, LastImport, Section, Wording
from articles.models.setup.audience import Audience, Disclaimer, DisclaimerConfirmation
from articles.models.setup.retractions import Retraction, RetractionSnapshot
from articles.models.setup.topic import Topic
from articles.models.version import Version, VersionReference, VersionText, VersionTopic

__all__ = [
    "Article",
    "ArticleName",
    "ArticleReference",
    "ArticleTopic",
    "Audience",
    "Authorship",
    "Autosave",
    "Contributor",
    "Disclaimer",
    "DisclaimerConfirmation",
    "ErrorReport",
    "Feedback",
    "Figure",
    "GlossaryTerm",
    "Helpfulness",
    "LastImport",
    "Meaning",
    "Notice",
    "NoticeVersion",
    "Passage",
    "Picture",
    "PictureFile",
    "Postings",
    "Question",
    "RedFlag",
    "Reference",
    "ReportStep",
    "Retraction",
    "RetractionSnapshot",
    "SearchIndex",
    "Section",
    "SentForm",
    "Slug",
    "SynonymGroup",
    "Term",
    "Topic",
    "Version",
    "VersionPicture",
    "VersionReference",
    "VersionText",
    "VersionTopic",
    "Wording",
]
