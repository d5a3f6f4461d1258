"""The draft as a file to work on elsewhere, which can be imported again."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.desk.drafts import writable
from articles.desk.requests import SignedInRequest
from articles.files.exporting.whole import FORMS, CannotBeWritten, file_of, of_whole_draft


@require_safe
def draft_file(request: SignedInRequest, pk: int, form: str) -> HttpResponse:
    """Return the draft as a file of this form; say why on its page if the form cannot hold it."""
    article = writable(request, pk)
    if form not in FORMS or not FORMS[form].imports:
        raise Http404
    try:
        return file_of(of_whole_draft(article, form), article, None, form)
    except CannotBeWritten as refusal:
        messages.error(request, no_file(form, refusal))
        return redirect("draft", article.pk)


def no_file(form: str, refusal: CannotBeWritten) -> str:
    """Return the sentence that no file of this form was written, with the reasons."""
    called = FORMS[form].called
    return _("No {called} file was written. {why}").format(called=called, why=refusal)
