"""What administrators post to the pages of accounts."""

import html

from django.contrib.auth.models import Group

from articles.models.people import Role

NEW = "a password of eighteen letters"


def group(role: Role) -> int:
    return Group.objects.get(name=role.group).pk


def of_person(user=None, *, name=None, seat=None) -> dict:
    """Return what the page posts below the account: the public name and the board row, with what was entered."""
    fields = {}
    for prefix, entered in (("contributor", name), ("board_member", seat)):
        row = getattr(user, prefix, None)
        fields |= {f"{prefix}-TOTAL_FORMS": 1, f"{prefix}-INITIAL_FORMS": int(row is not None)}
        if row is not None:
            fields |= {f"{prefix}-0-id": row.pk, f"{prefix}-0-user": user.pk, **shown_of(prefix, row)}
        fields |= {f"{prefix}-0-{field}": value for field, value in (entered or {}).items()}
    return {field: value for field, value in fields.items() if value is not None}


def shown_of(prefix, row) -> dict:
    columns = {
        "contributor": ("name", "credentials", "orcid", "bio"),
        "board_member": ("capacities", "credential_checked_on", "credential_valid_until"),
    }[prefix]
    fields = {f"{prefix}-0-{column}": getattr(row, column) for column in columns}
    if prefix == "board_member":
        fields["board_member-0-topics"] = [each.topic_id for each in row.specialty_rows.all()]
    return fields


def posted(user, **changed) -> dict:
    fields = {
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "is_active": "on",
        "groups": [each.pk for each in user.groups.all()],
        **of_person(user),
        **changed,
    }
    return {name: value for name, value in fields.items() if value is not None}


def change(client, user, **changed):
    return client.post(f"/admin/auth/user/{user.pk}/change/", posted(user, **changed))


def set_password(client, user):
    path = f"/admin/auth/user/{user.pk}/password/"
    return client.post(path, {"password1": NEW, "password2": NEW, "usable_password": "true"})


def said(answer) -> str:
    """Return the text of a page as people read it."""
    return html.unescape(answer.content.decode())
