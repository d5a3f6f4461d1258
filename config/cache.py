"""The shared cache: Redis, which may be down, with entries in plain JSON."""

import json
import logging
import time
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, RedisError, ResponseError, TimeoutError
from redis.retry import Retry

SECONDS_TO_ANSWER = 0.25  # Redis takes less than a millisecond; readers do not wait for a server that hangs
SECONDS_OF_PAUSE = 5

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger("imprimatur.cache")


class PlainJSON:
    """Write values as JSON: a pickle runs code when it is read, and anyone who can write to Redis could supply it."""

    def dumps(self, value: Any) -> int | str:
        return value if type(value) is int else json.dumps(value)  # Redis increments integers itself

    def loads(self, entry: bytes) -> Any:
        try:
            return json.loads(entry)
        except RecursionError as error:
            raise ValueError("The entry is nested too deeply.") from error


class Cache(RedisCache):
    """
    Redis. While it does not answer, this acts as an empty cache that stores nothing.

    After a timeout no request is sent to Redis for some seconds, so that a page that asks for ten keys waits once.
    Limits that use the cache, such as the pause between two password mails, do not apply during this time. An
    entry that cannot be read raises ValueError.
    """

    def __init__(self, server: str, parameters: dict[str, Any]) -> None:
        options = {
            "serializer": PlainJSON,
            "socket_timeout": SECONDS_TO_ANSWER,
            "socket_connect_timeout": SECONDS_TO_ANSWER,
            "retry": Retry(NoBackoff(), 0),
            **parameters.get("OPTIONS", {}),
        }
        super().__init__(server, {**parameters, "OPTIONS": options})
        self._again_at = 0.0

    def is_down(self) -> bool:
        """Ping Redis now, even during the pause, and tell whether it does not answer."""
        try:
            self._cache.get_client(write=True).ping()
        except RedisError:
            return True
        self._again_at = 0.0
        return False

    def _ask(self, default: R, ask: Callable[P, R], /, *arguments: P.args, **named: P.kwargs) -> R:
        """Return the answer of Redis, or `default`, the answer of an empty cache, if Redis gives none."""
        if time.monotonic() < self._again_at:
            return default
        try:
            return ask(*arguments, **named)
        except (ConnectionError, TimeoutError) as error:
            self._again_at = time.monotonic() + SECONDS_OF_PAUSE
            logger.warning("The cache does not answer (%s) and is not used for some seconds.", type(error).__name__)
        except ResponseError as error:
            if str(error).startswith("WRONGTYPE"):
                raise ValueError("The entry is of another kind.") from error
            logger.warning("The cache refuses (%s).", str(error).partition(" ")[0])
        return default

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self._ask(default, super().get, key, default, version)

    def set(self, key: str, value: Any, *arguments: Any, **named: Any) -> None:
        return self._ask(None, super().set, key, value, *arguments, **named)

    def add(self, key: str, value: Any, *arguments: Any, **named: Any) -> bool:
        return self._ask(True, super().add, key, value, *arguments, **named)

    def touch(self, key: str, *arguments: Any, **named: Any) -> bool:
        return self._ask(False, super().touch, key, *arguments, **named)

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._ask(False, super().delete, key, version)

    def has_key(self, key: str, version: int | None = None) -> bool:
        return self._ask(False, super().has_key, key, version)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        return self._ask({}, super().get_many, keys, version)

    def set_many(self, data: dict[str, Any], *arguments: Any, **named: Any) -> list[str]:
        return self._ask(list(data), super().set_many, data, *arguments, **named)

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        return self._ask(None, super().delete_many, keys, version)

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Return the incremented number; raise ValueError if there is no entry, as an empty cache does."""
        counted = self._ask(None, super().incr, key, delta, version)
        if counted is None:
            raise ValueError(f"Key “{key}” not found.")
        return counted

    def clear(self) -> None:
        self._ask(None, super().clear)
