"""Evidence, which is only read here: versions, notices and disclaimers. The last two are issued at the desk."""

from django.contrib import admin

from articles.admin.base import DeskLink, ViewOnly
from articles.models import (
    Disclaimer,
    DisclaimerConfirmation,
    Notice,
    NoticeVersion,
    Picture,
    PictureFile,
    Retraction,
    RetractionSnapshot,
    Version,
    VersionPicture,
    VersionReference,
    VersionText,
    VersionTopic,
)


@admin.register(Version)
class VersionPage(DeskLink, ViewOnly):
    list_display = ["__str__", "change", "kind", "risk", "digest", "submitted_by_name", "submitted_at", "desk"]
    list_filter = ["kind", "change", "risk", "submitted_at"]
    search_fields = ["title", "^digest", "submitted_by_name"]
    deferred = ["writers"]


@admin.register(VersionText)
class VersionTextPage(ViewOnly):
    list_display = ["version"]
    list_filter = ["version__kind", "version__change"]
    search_fields = ["version__title", "^version__digest"]
    list_select_related = ["version"]
    deferred = ["text", "version__writers"]


@admin.register(VersionTopic)
class VersionTopicPage(ViewOnly):
    list_display = ["name", "version"]
    list_filter = ["topic"]
    search_fields = ["name", "version__title"]
    list_select_related = ["version"]
    deferred = ["version__writers"]


@admin.register(VersionReference)
class VersionReferencePage(ViewOnly):
    list_display = ["key", "version", "reference"]
    list_filter = ["version__kind"]
    search_fields = ["^key", "version__title", "=reference__doi", "=reference__pmid"]
    list_select_related = ["version", "reference"]
    deferred = ["csl_text", "version__writers"]


@admin.register(Notice)
class NoticePage(DeskLink, ViewOnly):
    list_display = ["__str__", "article", "issued_by_name", "issued_at", "desk"]
    list_filter = ["kind", "issued_at"]
    search_fields = ["article__title", "issued_by_name"]
    list_select_related = ["article"]


@admin.register(NoticeVersion)
class NoticeVersionPage(ViewOnly):
    list_display = ["notice", "version"]
    list_filter = ["notice__kind"]
    search_fields = ["version__title"]
    list_select_related = ["notice", "version"]
    deferred = ["version__writers"]


@admin.register(Disclaimer)
class DisclaimerPage(ViewOnly):
    list_display = ["__str__", "issued_by_name", "issued_at"]
    list_filter = ["audience", "issued_at"]
    search_fields = ["^audience__key", "issued_by_name"]
    list_select_related = ["audience"]
    deferred = ["text"]


@admin.register(DisclaimerConfirmation)
class DisclaimerConfirmationPage(ViewOnly):
    list_display = ["__str__", "confirmed_by_name", "confirmed_at"]
    list_filter = ["disclaimer__audience", "confirmed_at"]
    search_fields = ["^disclaimer__audience__key", "confirmed_by_name"]
    list_select_related = ["disclaimer__audience"]
    deferred = ["disclaimer__text"]


@admin.register(RetractionSnapshot)
class RetractionSnapshotPage(ViewOnly):
    list_display = ["name", "as_of", "rows", "entries", "loaded_at"]
    list_filter = ["as_of", "loaded_at"]
    search_fields = ["name", "^sha256"]


@admin.register(Retraction)
class RetractionPage(ViewOnly):
    list_display = ["identifier", "standing", "day", "notice"]
    list_filter = ["standing"]
    search_fields = ["^identifier", "^notice"]


@admin.register(VersionPicture)
class VersionPicturePage(ViewOnly):
    list_display = ["sha256", "version"]
    list_filter = ["version__kind"]
    search_fields = ["^sha256", "version__title"]
    list_select_related = ["version"]
    deferred = ["version__writers"]


@admin.register(Picture)
class PicturePage(ViewOnly):
    list_display = ["sha256", "media_type", "width", "height"]
    list_filter = ["media_type"]
    search_fields = ["^sha256"]


@admin.register(PictureFile)
class PictureFilePage(ViewOnly):
    list_display = ["sha256", "width", "height"]
    list_filter = ["picture__media_type"]
    search_fields = ["^sha256"]
    deferred = ["data"]
    exclude = ["data"]
