"""A refused step leaves nothing behind but a line in the log of security, without a name, a title or a reason."""

import logging
from collections.abc import Callable
from functools import wraps

from reviews.workflow.errors import NotAllowed, NotNow

logger = logging.getLogger("imprimatur.security")


def noted(step: Callable) -> Callable:
    """Log a refusal of the step: which step, by which account, and whether it was the person or the time."""

    @wraps(step)
    def take(*args, actor, **kwargs):
        try:
            return step(*args, actor=actor, **kwargs)
        except NotAllowed:
            logger.warning("Refused: %s by account %s, who may not.", step.__name__, actor.pk)
            raise
        except NotNow:
            logger.info("Refused: %s by account %s, not now.", step.__name__, actor.pk)
            raise

    return take
