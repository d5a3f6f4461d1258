"""What somebody typed while their session ended: it goes round by the sign-in and is sent again, so nothing is lost."""

import json

from django.shortcuts import render

NEVER_KEPT = ("csrfmiddlewaretoken", "kept")


def sign_in_first(request):
    """Answer a form that was sent without a session with the sign-in, which has in it what was typed, but passwords."""
    from reviews.desk.signing_in import SignInForm

    context = {"form": SignInForm(request), "kept": _typed(request.POST), "next": request.get_full_path()}
    return render(request, "desk/sign_in.html", context, status=403)


def is_worth_keeping(request) -> bool:
    """Tell whether the request is a form that somebody filled in."""
    return request.method == "POST" and bool(json.loads(_typed(request.POST)))


def fields(text: str) -> list[tuple[str, str]]:
    """Return the names and values that `sign_in_first` put into its page; nothing where it is not of that form."""
    try:
        found = [(name, value) for name, value in json.loads(text)]
    except (TypeError, ValueError):
        return []
    return found if all(isinstance(part, str) for pair in found for part in pair) else []


def words(found: list[tuple[str, str]]) -> list[str]:
    """Return of all values those that are words somebody typed, to be shown again."""
    return [value for _, value in found if " " in value.strip()]


def _typed(post) -> str:
    pairs = [(name, value) for name in post for value in post.getlist(name)]
    return json.dumps([pair for pair in pairs if pair[0] not in NEVER_KEPT and "password" not in pair[0] and pair[1]])
