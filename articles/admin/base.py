"""
What all pages of the admin share.

The role of administrator opens a page; what can be done on it is declared on the page, never granted by a permission.
Lists are short, load no long texts and have no actions: a bulk update or deletion leaves neither history nor event.
"""

from contextlib import nullcontext

from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin

from articles.models.rows.told import together
from articles.review_process import review_process
from articles.text.plain.forms import FitModelForm
from config.admin_site import is_administrator

LOOKUPS = {"exact", "gte", "lt", "isnull", "isempty"}  # what the filters beside a list ask for
HISTORY_IS_READ = "History is read here, never put back: change the page itself, so that the change is recorded."


class ByRole:
    """Administrators see everything; whether they add, change or delete is the page's own declaration."""

    may_add = may_change = may_delete = True

    def has_module_permission(self, request):
        return is_administrator(request)

    def has_view_permission(self, request, obj=None):
        return is_administrator(request)

    def has_add_permission(self, request, obj=None):
        return self.may_add and is_administrator(request)

    def has_change_permission(self, request, obj=None):
        return self.may_change and is_administrator(request)

    def has_delete_permission(self, request, obj=None):
        return self.may_delete and is_administrator(request)


class Page(ByRole, admin.ModelAdmin):
    """
    A model that is maintained here.

    `frozen` names fields that are set once, when the row is made; `deferred` long texts that lists do not load;
    `number` the field that a search for a whole number looks in.
    """

    form = FitModelForm
    actions = None
    ordering = ["-pk"]
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 200
    view_on_site = False
    frozen = ()
    deferred = ()
    number = ""

    def changeform_view(self, request, *args, **kwargs):
        with together() if request.method == "POST" else nullcontext():  # all that a form changes is told as one
            return super().changeform_view(request, *args, **kwargs)

    def get_queryset(self, request):
        queryset = super().get_queryset(request).defer(*self.deferred)
        return queryset.select_related(*self.list_select_related) if self.list_select_related else queryset

    def get_readonly_fields(self, request, obj=None):
        return [*super().get_readonly_fields(request, obj), *(self.frozen if obj else ())]

    def get_search_results(self, request, queryset, search_term):
        """Find by number where the page has one; by the text fields otherwise."""
        if self.number and search_term.isascii() and search_term.isdecimal() and len(search_term) < 19:
            return queryset.filter(**{self.number: int(search_term)}), False
        return super().get_search_results(request, queryset, search_term.replace("\0", ""))

    def get_deleted_objects(self, objs, request):
        """Say of what is protected that it is, rather than that a permission to delete it is lacking."""
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        return to_delete, counts, set() if protected else lacking, protected

    def lookup_allowed(self, lookup, value, request=None):
        """Let the address of a list ask for what its filters offer, not search any column by any expression."""
        _, parted, last = lookup.rpartition("__")
        return (not parted or last in LOOKUPS) and super().lookup_allowed(lookup, value, request)


class TrackedPage(Page, SimpleHistoryAdmin):
    """A model whose history is shown, and never put back."""

    object_history_list_template = "admin/history_list.html"  # the library's own asks for each row's name
    history_list_per_page = 50

    def has_view_history_permission(self, request, obj=None):
        return is_administrator(request)

    def has_change_history_permission(self, request, obj=None):
        return False

    def revert_disabled(self, request, obj=None):
        return True

    def history_view_title(self, request, obj):
        return f"History of {self.opts.verbose_name} {obj.pk}"  # its name may hang on rows that are gone

    def history_form_view_title(self, request, obj):
        return f"{self.opts.verbose_name.capitalize()} {obj.pk} as it was"

    def history_view(self, request, object_id, extra_context=None):
        try:
            return super().history_view(request, object_id, extra_context)
        except (ValueError, ValidationError) as error:
            raise Http404 from error

    def history_form_view(self, request, object_id, version_id, extra_context=None):
        """Show a row as it was. The library would save what is posted here even with its revert switched off."""
        if request.method not in ("GET", "HEAD"):
            raise PermissionDenied(HISTORY_IS_READ)
        try:
            return super().history_form_view(request, object_id, version_id, extra_context)
        except (ValueError, ValidationError) as error:
            raise Http404 from error


class ShowsAllFields:
    """Nothing is added, changed or deleted; every column is shown, those the forms leave out included."""

    may_add = may_change = may_delete = False

    def get_fields(self, request, obj=None):
        return [field.name for field in self.opts.concrete_fields]

    def get_readonly_fields(self, request, obj=None):
        return self.get_fields(request, obj)


class ViewOnly(ShowsAllFields, Page):
    pass


class TrackedViewOnly(ShowsAllFields, TrackedPage):
    pass


class DeskLink:
    """A column that leads to the article's page at the desk: steps are taken there, by those who hold the role."""

    @admin.display(description="steps")
    def desk(self, obj):
        article = obj.pk if self.opts.model_name == "article" else obj.article_id
        return format_html('<a href="{}">At the desk</a>', review_process().desk(article)) if article else ""
