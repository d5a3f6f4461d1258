from django.core.exceptions import PermissionDenied


class NotAllowed(PermissionDenied):
    """This person may not take this step, whatever the state. The message is a sentence that says why."""


class NotNow(Exception):
    """The step cannot be taken in this state. The message is a sentence that says why and what to do."""
