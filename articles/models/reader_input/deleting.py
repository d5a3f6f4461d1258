"""The deletion of what readers sent, when its date is over."""

import datetime

from django.utils import timezone

from articles.models.reader_input.opinions import Feedback
from articles.models.reader_input.questions import Question
from articles.models.reader_input.reports import ErrorReport
from articles.models.reader_input.sent import SentForm


def delete_expired(today: datetime.date | None = None) -> int:
    """Delete all that readers sent whose date is over, and what is kept of forms; return the number of rows."""
    today = today or timezone.localdate()
    rows = [*Question.objects.expired(today).order_by("pk"), *ErrorReport.objects.expired(today).order_by("pk")]
    for row in rows:
        row.delete()
    feedback, _ = Feedback.objects.filter(delete_after__lt=today).delete()
    forms, _ = SentForm.objects.filter(delete_after__lt=today).delete()
    return len(rows) + feedback + forms
