"""A refused step leaves only a line in the security log, without a name, a title or a reason."""

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from articles.models.rows.remembered import remembering
from reviews.workflow.errors import NotAllowed, NotNow

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger("imprimatur.security")


def refusals_logged(step: Callable[P, R]) -> Callable[P, R]:
    """
    Log each refusal of the step: its name, the account, and whether the person or the state was the reason.

    What the step reads more than once, such as roles and the frozen text, is read once.
    """

    @wraps(step)
    def take(*args: P.args, **kwargs: P.kwargs) -> R:
        actor: Any = kwargs["actor"]
        try:
            with remembering():
                return step(*args, **kwargs)
        except NotAllowed:
            logger.warning("Refused: %s by account %s, who may not.", step.__name__, actor.pk)
            raise
        except NotNow:
            logger.info("Refused: %s by account %s, not now.", step.__name__, actor.pk if actor else "(none)")
            raise

    return take
