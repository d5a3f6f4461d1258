"""The shared cache: Redis that may be away, and what is kept there as plain JSON."""

import json
import logging
import time

from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, RedisError, ResponseError, TimeoutError
from redis.retry import Retry

SECONDS_TO_ANSWER = 0.25  # Redis takes less than a millisecond; a reader does not wait for one that hangs
SECONDS_LEFT_ALONE = 5

logger = logging.getLogger("imprimatur.cache")


class PlainJSON:
    """Write values as JSON: to read a pickle is to run what whoever wrote it pleases."""

    def dumps(self, value):
        return value if type(value) is int else json.dumps(value)  # Redis counts numbers itself

    def loads(self, entry):
        try:
            return json.loads(entry)
        except RecursionError as error:
            raise ValueError("The entry is nested too deeply.") from error


class Cache(RedisCache):
    """
    Redis, and while it does not answer an empty cache that keeps nothing.

    When it does not answer it is left alone for some seconds, so that a page that asks for ten keys waits once. What
    rests on an entry, as the pause between two password mails does, is not held up meanwhile. An entry that cannot be
    read raises ValueError.
    """

    def __init__(self, server, parameters):
        options = {
            "serializer": PlainJSON,
            "socket_timeout": SECONDS_TO_ANSWER,
            "socket_connect_timeout": SECONDS_TO_ANSWER,
            "retry": Retry(NoBackoff(), 0),
            **parameters.get("OPTIONS", {}),
        }
        super().__init__(server, {**parameters, "OPTIONS": options})
        self._again_at = 0.0

    def is_away(self) -> bool:
        """Ask Redis now, whatever was asked before, and tell whether it does not answer."""
        try:
            self._cache.get_client(write=True).ping()
        except RedisError:
            return True
        self._again_at = 0.0
        return False

    def _asked(self, otherwise, ask, *arguments, **named):
        """Return Redis' answer, or what an empty cache would say while there is none."""
        if time.monotonic() < self._again_at:
            return otherwise
        try:
            return ask(*arguments, **named)
        except (ConnectionError, TimeoutError) as error:
            self._again_at = time.monotonic() + SECONDS_LEFT_ALONE
            logger.warning("The cache does not answer (%s) and is left alone for a while.", type(error).__name__)
        except ResponseError as error:
            if str(error).startswith("WRONGTYPE"):
                raise ValueError("The entry is of another kind.") from error
            logger.warning("The cache refuses (%s).", str(error).partition(" ")[0])
        return otherwise

    def get(self, key, default=None, version=None):
        return self._asked(default, super().get, key, default, version)

    def set(self, key, value, *arguments, **named):
        return self._asked(None, super().set, key, value, *arguments, **named)

    def add(self, key, value, *arguments, **named):
        return self._asked(True, super().add, key, value, *arguments, **named)

    def touch(self, key, *arguments, **named):
        return self._asked(False, super().touch, key, *arguments, **named)

    def delete(self, key, version=None):
        return self._asked(False, super().delete, key, version)

    def has_key(self, key, version=None):
        return self._asked(False, super().has_key, key, version)

    def get_many(self, keys, version=None):
        return self._asked({}, super().get_many, keys, version)

    def set_many(self, data, *arguments, **named):
        return self._asked(list(data), super().set_many, data, *arguments, **named)

    def delete_many(self, keys, version=None):
        return self._asked(None, super().delete_many, keys, version)

    def incr(self, key, delta=1, version=None):
        """Return the number counted up; raise ValueError where there is none, as an empty cache does."""
        counted = self._asked(None, super().incr, key, delta, version)
        if counted is None:
            raise ValueError(f"Key “{key}” not found.")
        return counted

    def clear(self):
        return self._asked(False, super().clear)
