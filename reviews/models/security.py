from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class SecurityRecord(models.Model):
    """A wrong password, or a refusal after too many of them, for operators to see. It never holds a password."""

    class Kind(models.TextChoices):
        WRONG_PASSWORD = "wrong_password", _("Wrong password at signing")
        THROTTLED = "throttled", _("Signing refused after too many wrong passwords")
        WRONG_SIGN_IN = "wrong_sign_in", _("Wrong password at sign-in")

    kind = models.CharField(max_length=20, choices=Kind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    device = models.CharField(
        max_length=32,
        blank=True,
        help_text="The browser, if the account's owner had signed in with it before. Otherwise empty.",
    )

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "kind", "at"], name="security_recent")]  # the throttle

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.user_id}"
