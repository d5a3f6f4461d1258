from django.contrib.auth import views as accounts
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.decorators.http import require_http_methods

from reviews.desk import disclaimers
from reviews.desk.article import attesting, exporting, findings, notices
from reviews.desk.article import views as articles
from reviews.desk.article.dossier import views as dossiers
from reviews.desk.member import availability, disclosing, time_zone
from reviews.desk.queues import calendar_address, in_bulk, inbox, queue, saved_views
from reviews.desk.queues import waiting as work
from reviews.desk.queues.dashboard import views as overview
from reviews.desk.review import comments
from reviews.desk.review import views as reviews
from reviews.desk.review.deciding import steps as review_steps
from reviews.desk.review.deciding.asking import planning
from reviews.desk.review.deciding.asking import views as asking
from reviews.desk.sign_in import signing_in
from reviews.desk.sign_in.password_mail import PasswordMailForm

METHODS = ["GET", "HEAD", "POST"]  # Django's form views would treat PUT as POST
METHOD_NAMES = [method.lower() for method in METHODS]
PASSWORD_URLS = [
    path(
        "",
        accounts.PasswordChangeView.as_view(
            form_class=signing_in.ChangeForm, template_name="desk/password.html", http_method_names=METHOD_NAMES
        ),
        name="password_change",
    ),
    path("changed/", work.password_changed, name="password_change_done"),
    path(
        "reset/",
        login_not_required(
            accounts.PasswordResetView.as_view(
                form_class=PasswordMailForm,
                template_name="desk/password_reset.html",
                http_method_names=METHOD_NAMES,
            )
        ),
        name="password_reset",
    ),
    path(
        "reset/sent/",
        login_not_required(accounts.PasswordResetDoneView.as_view(template_name="desk/password_reset_sent.html")),
        name="password_reset_done",
    ),
    path(
        "reset/<uidb64>/<token>/",
        login_not_required(
            require_http_methods(METHODS)(
                accounts.PasswordResetConfirmView.as_view(template_name="desk/password_set.html")
            )
        ),
        name="password_reset_confirm",
    ),
    path(
        "reset/done/",
        login_not_required(accounts.PasswordResetCompleteView.as_view(template_name="desk/password_set_done.html")),
        name="password_reset_complete",
    ),
]

urlpatterns = [
    path("", work.my_work, name="desk"),
    path("tasks/<int:pk>/closing/", work.close_task, name="close_task"),
    path("queue/", queue.queue, name="queue"),
    path("queue/views/", saved_views.save_view, name="save_view"),
    path("queue/views/<int:pk>/removal/", saved_views.remove_view, name="remove_view"),
    path("queue/steps/", in_bulk.queue_steps, name="queue_steps"),
    path("calendar/", calendar_address.calendar, name="calendar"),
    path("calendar/address/", calendar_address.make_address, name="make_calendar_address"),
    path("calendar/revocation/", calendar_address.revoke_address, name="revoke_calendar_address"),
    path("inbox/emails/", inbox.choose_emails, name="choose_emails"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/read/", inbox.read_all, name="read_all"),
    path("inbox/<int:pk>/", inbox.open_message, name="open_message"),
    path("dashboard/", overview.dashboard, name="dashboard"),
    path("dashboard/<slug:name>.csv", overview.dashboard_table, name="dashboard_table"),
    path("time-zone/", time_zone.time_zone, name="time_zone"),
    path("availability/", availability.availability, name="availability"),
    path("availability/absences/", availability.add_absence, name="add_absence"),
    path("availability/absences/<int:pk>/removal/", availability.remove_absence, name="remove_absence"),
    path("disclosures/", disclosing.disclosures, name="disclosures"),
    path("disclosures/renewal/", disclosing.renew, name="renew_disclosure"),
    path("sign-in/", signing_in.SignIn.as_view(http_method_names=METHOD_NAMES), name="sign_in"),
    path("sign-out/", signing_in.SignOut.as_view(), name="sign_out"),
    path("password/", include(PASSWORD_URLS)),
    path("", include("articles.desk.urls")),
    path("articles/", articles.articles, name="desk_articles"),
    path("articles/<int:pk>/", articles.article, name="desk_article"),
    path("articles/<int:pk>/versions/", articles.submit, name="submit"),
    path("articles/<int:pk>/attestations/", attesting.attestations, name="attestations"),
    path("articles/<int:pk>/dossier/", dossiers.dossier, name="dossier"),
    path("articles/<int:pk>/dossier/archives/", dossiers.ask_for_archive, name="ask_for_archive"),
    path("dossiers/<int:pk>/archive/", dossiers.archive, name="dossier_archive"),
    path("articles/<int:pk>/notices/", notices.notices, name="notices"),
    path("articles/<int:pk>/findings/", findings.findings, name="findings"),
    path("articles/<int:pk>/findings/<slug:fingerprint>/override/", findings.override, name="override"),
    path("overrides/<int:pk>/end/", findings.take_back, name="take_back_override"),
    path("notices/<int:pk>/lifting/", notices.lift, name="lift_notice"),
    path("reviews/<int:pk>/", reviews.review, name="desk_review"),
    path("reviews/<int:pk>/version.<slug:form>", exporting.version_file, name="desk_version_file"),
    path("reviews/<int:pk>/read/<int:number>/", reviews.tick, name="read_changes"),
    path("reviews/<int:pk>/assignments/", asking.assign, name="assign"),
    path("reviews/<int:pk>/plans/<int:person>/", planning.record_plan, name="record_plan"),
    path("reviews/<int:pk>/recall/", review_steps.recall, name="recall"),
    path("reviews/<int:pk>/decline/", review_steps.decline, name="decline"),
    path("reviews/<int:pk>/urgency/", review_steps.declare_urgent, name="declare_urgent"),
    path("reviews/<int:pk>/end/", review_steps.end_round, name="end_round"),
    path("reviews/<int:pk>/withdrawal/", review_steps.withdraw, name="withdraw_approval"),
    path("reviews/<int:pk>/publication/", review_steps.publish, name="publish"),
    path("reviews/<int:pk>/schedules/", review_steps.schedule, name="schedule"),
    path("schedules/<int:pk>/cancellation/", review_steps.cancel_schedule, name="cancel_schedule"),
    path("assignments/<int:pk>/decisions/", review_steps.decide, name="decide"),
    path("assignments/<int:pk>/answers/", review_steps.keep_answers, name="keep_answers"),
    path("assignments/<int:pk>/acceptance/", review_steps.accept, name="accept"),
    path("assignments/<int:pk>/recusal/", review_steps.recuse, name="recuse"),
    path("assignments/<int:pk>/unassignment/", review_steps.unassign, name="unassign"),
    path("reviews/<int:pk>/comments/", comments.comment, name="comment"),
    path("comments/<int:pk>/answers/", comments.answer, name="answer"),
    path("comments/<int:pk>/assignee/", comments.assign, name="assign_comment"),
    path("comments/<int:pk>/wording/", comments.take_over, name="take_over"),
    path("comments/<int:pk>/resolution/", comments.resolve, name="resolve_comment"),
    path("disclaimers/", disclaimers.disclaimers, name="disclaimers"),
    path("disclaimers/<slug:audience>/new/", disclaimers.issue, name="issue_disclaimer"),
    path("disclaimers/<int:pk>/confirmation/", disclaimers.confirm, name="confirm_disclaimer"),
]
