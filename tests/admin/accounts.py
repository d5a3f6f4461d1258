"""What administrators post to the pages of accounts."""

import html

from django.contrib.auth.models import Group

from articles.models.people import Role

NEW = "a password of eighteen letters"


def group(role: Role) -> int:
    return Group.objects.get(name=role.group).pk


def posted(user, **changed) -> dict:
    fields = {
        "username": user.username,
        "first_name": user.first_name,
        "last_name": user.last_name,
        "email": user.email,
        "is_active": "on",
        "groups": [each.pk for each in user.groups.all()],
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
