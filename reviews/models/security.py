from django.conf import settings
from django.db import models


class SecurityRecord(models.Model):
    """A wrong password at signing, or another event that an operator should see. No password is ever in it."""

    class Kind(models.TextChoices):
        WRONG_PASSWORD = "wrong_password", "Wrong password at signing"
        THROTTLED = "throttled", "Signing refused after too many wrong passwords"
        WRONG_SIGN_IN = "wrong_sign_in", "Wrong password at sign-in"

    kind = models.CharField(max_length=20, choices=Kind)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    device = models.CharField(
        max_length=32, blank=True, help_text="A browser in which the owner had signed in before; empty for any other."
    )

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["user", "kind", "at"], name="security_recent")]  # the throttle

    def __str__(self):
        return f"{self.get_kind_display()}: {self.user_id}"
