"""How the first page of the administration is arranged: by purpose, the most used first, and not by Django app."""

from typing import Any

from django.utils.translation import gettext_lazy as _

GROUPS = {
    _("People and the board"): [
        "auth.User",
        "articles.Contributor",
        "reviews.BoardMember",
        "reviews.Disclosure",
        "reviews.Interest",
        "reviews.Absence",
        "reviews.Availability",
        "reviews.ManagementPlan",
        "reviews.Override",
        "reviews.Specialty",
        "reviews.Conflict",
        "auth.Group",
    ],
    _("Rules"): [
        "reviews.Quorum",
        "articles.Audience",
        "articles.Disclaimer",
        "articles.DisclaimerConfirmation",
        "articles.RedFlag",
    ],
    _("Topics, works and words"): [
        "articles.Topic",
        "articles.Reference",
        "articles.RetractionSnapshot",
        "articles.Retraction",
        "articles.GlossaryTerm",
        "articles.SynonymGroup",
        "articles.ArticleName",
    ],
    _("Articles"): [
        "articles.Article",
        "articles.Section",
        "articles.Wording",
        "articles.Authorship",
        "articles.ArticleTopic",
        "articles.ArticleReference",
        "articles.Figure",
        "articles.Slug",
        "articles.LastImport",
        "articles.Autosave",
    ],
    _("Versions and notices"): [
        "articles.Version",
        "articles.VersionText",
        "articles.VersionTopic",
        "articles.VersionReference",
        "articles.VersionPicture",
        "articles.Picture",
        "articles.PictureFile",
        "articles.Notice",
        "articles.NoticeVersion",
    ],
    _("Reviews"): [
        "reviews.Review",
        "reviews.Assignment",
        "reviews.Decision",
        "reviews.Signature",
        "reviews.Attestation",
        "reviews.Schedule",
        "reviews.Task",
        "reviews.Comment",
        "reviews.CommentAnchor",
        "reviews.Answer",
        "reviews.DraftAnswer",
        "reviews.ReadChange",
        "reviews.SavedView",
    ],
    _("From readers"): [
        "articles.Question",
        "articles.ErrorReport",
        "articles.ReportStep",
        "articles.Feedback",
        "articles.Helpfulness",
    ],
    _("Messages and jobs"): [
        "reviews.Message",
        "reviews.Digest",
        "reviews.MailPreference",
        "reviews.CalendarAddress",
        "reviews.Reminder",
        "django_tasks_database.DBTaskResult",
    ],
    _("Audit record"): [
        "reviews.LedgerEvent",
        "reviews.LedgerPrivate",
        "reviews.LedgerHead",
        "reviews.Checkpoint",
        "reviews.Dossier",
        "reviews.DossierPart",
        "reviews.Opening",
        "reviews.SecurityRecord",
    ],
}


def by_purpose(apps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """
    Return what Django would list app by app in these groups; a group of which nothing may be seen is left out.

    A model that no group names stands with its own app, so that nothing is ever out of reach.
    """
    listed = {entry["model"]._meta.label: entry for app in apps for entry in app["models"]}
    groups = [
        {"name": name, "models": [listed.pop(label) for label in labels if label in listed]}
        for name, labels in GROUPS.items()
    ]
    rest = [{**app, "models": [entry for entry in app["models"] if entry in listed.values()]} for app in apps]
    return [
        {**group, "app_label": f"group-{number}"} for number, group in enumerate([*groups, *rest]) if group["models"]
    ]
