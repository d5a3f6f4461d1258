"""Accounts and roles. Every change is an event in the ledger and is mailed to the owner of the account."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import UsernameField
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.forms.models import BaseModelFormSet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.admin.base import Page, ViewOnly
from articles.models.people import Role, active
from articles.text.plain.forms import FitModelForm, KeysField
from reviews.admin import one_person, passwords
from reviews.admin.doubts import say_doubts
from reviews.desk.sign_in import password_mail
from reviews.workflow.accounts import roles_recorded_once

COLUMNS = ["username", "first_name", "last_name", "email", "is_active"]

admin.site.unregister([User, Group])


def lock_role(role: Role) -> None:
    """Lock the role until the transaction ends, so that one administrator at a time can remove a holder."""
    Group.objects.select_for_update(no_key=True).get(name=role.group)


class RolesField(KeysField):
    """The groups that stand for roles, by the names that the mails to their holders use too."""

    def label_from_instance(self, obj: Any) -> str:
        return Role.of_group(obj.name).shown


class AccountForm(FitModelForm):
    """Names, address, roles. No password: a new account is made without one."""

    email = forms.EmailField(
        label=gettext_lazy("Email"),
        help_text=gettext_lazy("Every email about the account goes here, including the link to set a password."),
    )
    groups = RolesField(
        Group.objects.filter(name__in=Role.groups()),
        label=gettext_lazy("Roles"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "Whoever has the role of the medical advisory board also needs a name and capacities, below."
        ),
    )

    class Meta:
        model = User
        fields = [*COLUMNS, "groups"]
        field_classes = {"username": UsernameField}
        help_texts = {
            "is_active": gettext_lazy("Accounts are never deleted. Clear this to lock the account, with all its roles.")
        }

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if self._others().filter(username__iexact=username).exists():
            raise ValidationError(_("Another account has this username."))
        return username

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        if self._others().filter(email__iexact=email).exists():
            raise ValidationError(_("Another account has this address. Links to set a password are sent to it."))
        return email

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned = self.cleaned_data
        stays = cleaned.get("is_active") and any(group.name == Role.ADMIN.group for group in cleaned.get("groups", ()))
        if self.instance.pk and not stays:
            lock_role(Role.ADMIN)
            if not active(Role.ADMIN).exclude(pk=self.instance.pk).exists():
                raise ValidationError(_("This is the only active administrator. Give the role to somebody else first."))
        return cleaned

    def _others(self) -> QuerySet[User]:
        return User.objects.exclude(pk=self.instance.pk)


@admin.register(User)
class AccountPage(Page, UserAdmin):
    """
    People are added, changed and locked in one form: account, roles, public name, board row; never deleted.

    `is_staff`, `is_superuser` and permissions are not offered: they give no access here.
    """

    may_delete = False
    form = add_form = AccountForm
    add_form_template = None
    fieldsets = [
        (None, {"fields": [*COLUMNS, "groups"]}),
        (gettext_lazy("Sign-in"), {"fields": ["password_state", "last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": [*COLUMNS, "groups"],
                "description": gettext_lazy(
                    "A new account has no password. Its owner gets a welcome by email, and sets a password with the "
                    "link in it. The link is valid for three days; the sign-in page sends another."
                ),
            },
        )
    ]
    readonly_fields = ["password_state", "last_login", "date_joined"]
    filter_horizontal = ()
    inlines = [one_person.PublicName, one_person.Seat]
    list_display = ["username", "public_name", "email", "roles", "is_active", "last_login"]
    list_filter = ["is_active", "groups"]
    search_fields = ["username", "email", "first_name", "last_name", "contributor__name"]
    list_select_related = ["contributor"]
    ordering = ["username"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).prefetch_related("groups")

    @admin.display(description=gettext_lazy("public name"), ordering="contributor__name")
    def public_name(self, user: User) -> str:
        return str(getattr(user, "contributor", ""))

    @admin.display(description=gettext_lazy("roles"))
    def roles(self, user: User) -> str:
        names = {group.name for group in user.groups.all()}
        return ", ".join(role.shown for role in sorted(Role) if role.group in names)

    @admin.display(description=gettext_lazy("password"))
    def password_state(self, user: User) -> str:
        state = _("Set.") if user.has_usable_password() else _("None yet: its owner sets one by email.")
        if passwords.is_on_board(user):
            return f"{state} {_('Only board members themselves set their passwords.')}"
        address = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html('{} <a href="{}">{}</a>', state, address, _("Set a password"))

    def save_model(self, request: HttpRequest, obj: User, form: AccountForm, change: bool) -> None:
        """Save only the columns of the form: the owner may be setting a password, or signing in, at the same time."""
        if change:
            obj.save(update_fields=COLUMNS)
        else:
            obj.set_unusable_password()
            obj.save()

    def save_related(
        self, request: HttpRequest, form: AccountForm, formsets: Sequence[BaseModelFormSet[Any, Any]], change: bool
    ) -> None:
        """
        Save roles, public name and board row; say what still keeps the person from reviewing. Welcome a new person.

        Void a password that an administrator has set if its owner now joins the board.
        """
        user = form.instance
        was_on_board = passwords.is_on_board(user)
        with roles_recorded_once(user, tell=change):
            super().save_related(request, form, formsets, change)
        if not change and user.is_active:
            password_mail.welcome(user)
        if passwords.is_on_board(user) and not was_on_board and passwords.void_if_known(user):
            messages.warning(request, passwords.MADE_VOID)
        say_doubts(request, user)

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Set the password of an account that is not on the board; redirect for one's own to the page at the desk."""
        user = self.get_object(request, unquote(id))
        if user is not None and user.pk == request.user.pk:
            return HttpResponseRedirect(reverse("password_change"))
        if user is not None and passwords.is_on_board(user):
            raise PermissionDenied(passwords.OWNERS_ONLY)
        return super().user_change_password(request, id, form_url)


@admin.register(Group)
class RolePage(ViewOnly):
    """The four roles are defined in code; the page of an account sets its roles."""

    list_display = ["name", "people"]
    list_filter = ["name"]
    search_fields = ["name"]
    ordering = ["name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Group]:
        return super().get_queryset(request).annotate(people=Count("user"))

    @admin.display(description=gettext_lazy("accounts"), ordering="people")
    def people(self, group: Any) -> str:  # a group with the annotation of `get_queryset`
        address = reverse("admin:auth_user_changelist")
        return format_html('<a href="{}?groups__id__exact={}">{}</a>', address, group.pk, group.people)
