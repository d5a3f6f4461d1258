"""
The base classes of all admin pages.

The role of administrator opens a page. The page itself declares what can be done on it; no permission grants more.
Lists are short, load no long texts and have no actions: a bulk update or deletion leaves neither history nor event.
"""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.db.models.options import Options
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.admin import SimpleHistoryAdmin

from articles.models.rows.announced import announced_together
from articles.review_process import review_process
from articles.text.plain.forms import FitModelForm
from config.administration.site import is_administrator

LOOKUPS = {"exact", "gte", "lt", "isnull", "isempty"}  # the lookups of the filters beside a list
HISTORY_IS_READ = gettext_lazy(
    "History is read here, never put back: change the page itself, so that the change is recorded."
)


class ByRole:
    """Administrators see everything; the page itself declares whether they add, change or delete."""

    may_add = may_change = may_delete = True

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_administrator(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_administrator(request)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_add and is_administrator(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_change and is_administrator(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may_delete and is_administrator(request)


class Page(ByRole, admin.ModelAdmin):
    """
    A model that is maintained here.

    `frozen` names the fields that are set only when the row is added, `deferred` the long texts that lists do not load,
    and `number` the field that a search for a whole number uses.
    """

    form = FitModelForm
    actions = None
    ordering = ["-pk"]
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 200
    view_on_site = False
    frozen: Sequence[str] = ()
    deferred: Sequence[str] = ()
    number = ""

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # One event for all changes of a form
        with announced_together() if request.method == "POST" else nullcontext():
            return super().changeform_view(request, *args, **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset = super().get_queryset(request).defer(*self.deferred)
        related = self.list_select_related
        return queryset if isinstance(related, bool) else queryset.select_related(*related)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [*super().get_readonly_fields(request, obj), *(self.frozen if obj else ())]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Find a row by its number if the page has one, or by its text fields."""
        if self.number and search_term.isascii() and search_term.isdecimal() and len(search_term) < 19:
            return queryset.filter(**{self.number: int(search_term)}), False
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    def get_deleted_objects(
        self, objs: QuerySet[Any] | Sequence[Any], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """If rows are protected, name these instead of the missing permission to delete them."""
        to_delete, counts, not_permitted, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set() if protected else not_permitted, protected

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Allow only the lookups of the list's filters in its address, not every lookup of a column."""
        _, separator, last = lookup.rpartition("__")
        return (not separator or last in LOOKUPS) and super().lookup_allowed(lookup, value, request)


class TrackedPage(Page, SimpleHistoryAdmin):
    """A model whose history is shown but never restored."""

    object_history_list_template = "admin/history_list.html"  # the library's own template queries each row's name
    history_list_per_page = 50

    def has_view_history_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return is_administrator(request)

    def has_change_history_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def revert_disabled(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def history_view_title(self, request: HttpRequest, obj: Model) -> str:
        return _("History of {what} {number}").format(
            what=self.opts.verbose_name, number=obj.pk
        )  # its name may depend on rows that were deleted

    def history_form_view_title(self, request: HttpRequest, obj: Model) -> str:
        what = capfirst(str(self.opts.verbose_name))
        return _("{what} {number} as it was").format(what=what, number=obj.pk)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            return super().history_view(request, object_id, extra_context)
        except (ValueError, ValidationError) as error:
            raise Http404 from error

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show a row as it was; refuse a POST, which the library would save although restoring is disabled."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied(HISTORY_IS_READ)
        try:
            return super().history_form_view(request, object_id, version_id, extra_context)
        except (ValueError, ValidationError) as error:
            raise Http404 from error


class ShowsAllFields:
    """Every column is shown, also those that forms leave out. Nothing is added, changed or deleted."""

    opts: Options[Any]
    may_add = may_change = may_delete = False

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return tuple(field.name for field in self.opts.concrete_fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return list(self.get_fields(request, obj))


class ViewOnly(ShowsAllFields, Page):
    pass


class TrackedViewOnly(ShowsAllFields, TrackedPage):
    pass


class DeskLink:
    """A column with a link to the article's page at the desk, where the steps of the workflow are taken."""

    opts: Options[Any]

    @admin.display(description=gettext_lazy("steps"))
    def desk(self, obj: Any) -> str:  # an article, or a row with `article_id`
        article = obj.pk if self.opts.model_name == "article" else obj.article_id
        if not article:
            return ""
        return format_html('<a href="{}">{}</a>', review_process().desk(article), _("Open at the desk"))
