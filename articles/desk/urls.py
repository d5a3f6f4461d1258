from django.urls import path

from articles.desk import drafts, parts
from articles.desk.readers.questions import views as questions
from articles.desk.readers.reports import views as reports
from articles.desk.references import edit, exporting, finding, importing, standing
from articles.desk.references.shared import library, work
from articles.desk.texts import checking, previews
from articles.desk.texts import exporting as exporting_drafts
from articles.desk.texts.figures import choosing
from articles.desk.texts.figures import pages as figures
from articles.desk.texts.history import pages as history
from articles.desk.texts.wordings import pages as wordings
from articles.desk.typed.editor import views as editor
from articles.desk.writing import autosave, order, views

urlpatterns = [
    path("articles/new/", drafts.article_create, name="draft_create"),
    path("articles/import/", drafts.article_import, name="draft_import"),
    path("articles/<int:pk>/draft/", drafts.draft, name="draft"),
    path("articles/<int:pk>/draft.<slug:form>", exporting_drafts.draft_file, name="draft_file"),
    path("articles/<int:pk>/write/", views.write, name="write"),
    path("articles/<int:pk>/history/", history.history, name="draft_history"),
    path("articles/<int:pk>/history/changes/", history.changes, name="draft_changes"),
    path("articles/<int:pk>/history/restorations/", history.restoration_create, name="restore"),
    path("articles/<int:pk>/write/autosave/", autosave.autosave, name="autosave"),
    path("articles/<int:pk>/checks/", checking.checked, name="draft_checks"),
    path("articles/<int:pk>/preview/<slug:audience>/", previews.preview, name="draft_preview"),
    path("articles/<int:pk>/sections/new/", parts.section_create, name="section_create"),
    path("articles/<int:pk>/sections/<int:section>/", parts.section, name="section"),
    path("articles/<int:pk>/sections/<int:section>/removal/", parts.section_remove, name="section_remove"),
    path("articles/<int:pk>/sections/<int:section>/place/", order.section_move, name="section_move"),
    path("articles/<int:pk>/sections/<int:section>/wordings/", wordings.wordings, name="wordings"),
    path("articles/<int:pk>/sections/<int:section>/doses/", wordings.differing_doses, name="differing_doses"),
    path("articles/<int:pk>/sections/<int:section>/for/<slug:audience>/", parts.wording, name="wording"),
    path("articles/<int:pk>/typed/", editor.typed, name="typed"),
    path("articles/<int:pk>/citations/", finding.citations, name="citations"),
    path("articles/<int:pk>/links/", editor.links, name="links"),
    path("articles/<int:pk>/people/", parts.people, name="people"),
    path("articles/<int:pk>/people/<int:person>/removal/", parts.person_remove, name="person_remove"),
    path("articles/<int:pk>/references/", parts.references, name="references"),
    path("articles/<int:pk>/references.<slug:form>", exporting.reference_export, name="reference_export"),
    path("articles/<int:pk>/references/import/", importing.reference_import, name="reference_import"),
    path("articles/<int:pk>/references/<int:reference>/", edit.reference, name="reference"),
    path(
        "articles/<int:pk>/references/<int:reference>/retracted/",
        standing.although_retracted,
        name="although_retracted",
    ),
    path("articles/<int:pk>/references/<int:reference>/removal/", parts.reference_remove, name="reference_remove"),
    path("articles/<int:pk>/figures/", figures.figures, name="figures"),
    path("articles/<int:pk>/figures/choice/", choosing.figure_choice, name="figure_choice"),
    path("articles/<int:pk>/figures/<int:figure>/", figures.figure, name="figure"),
    path("articles/<int:pk>/figures/<int:figure>/removal/", figures.figure_remove, name="figure_remove"),
    path("references/", library.library, name="library"),
    path("references/<int:pk>/", work.work, name="library_work"),
    path("references/<int:pk>/edit/", work.work_edit, name="library_work_edit"),
    path("references/<int:pk>/merge/", work.work_merge, name="library_work_merge"),
    path("questions/", questions.questions, name="questions"),
    path("questions/<int:pk>/", questions.question, name="question"),
    path("questions/<int:pk>/answer/", questions.answer, name="answer_question"),
    path("questions/<int:pk>/merge/", questions.merge, name="merge_question"),
    path("questions/<int:pk>/decline/", questions.decline, name="decline_question"),
    path("questions/<int:pk>/article/", questions.write, name="write_question"),
    path("questions/<int:pk>/reopening/", questions.reopen, name="reopen_question"),
    path("reports/", reports.reports, name="reports"),
    path("reports/<int:pk>/", reports.report, name="report"),
    path("reports/<int:pk>/severity/", reports.judge, name="judge_report"),
    path("reports/<int:pk>/reply/", reports.reply, name="reply_to_report"),
    path("reports/<int:pk>/correction/", reports.correct, name="correct_report"),
    path("reports/<int:pk>/no-change/", reports.leave, name="leave_report"),
    path("reports/<int:pk>/elsewhere/", reports.turn_away, name="turn_away_report"),
    path("reports/<int:pk>/merge/", reports.merge, name="merge_report"),
    path("reports/<int:pk>/reopening/", reports.reopen, name="reopen_report"),
]
