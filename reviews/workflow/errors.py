from django.core.exceptions import PermissionDenied


class NotAllowed(PermissionDenied):
    """This person may not take this step in any state. The message is a sentence with the reason."""


class NotNow(Exception):
    """The step cannot be taken in this state. The message says why, and what to do."""
