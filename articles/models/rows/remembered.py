"""What a step reads more than once: it is read the first time, and remembered until the step ends."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

_memory: ContextVar[dict[Hashable, Any] | None] = ContextVar("memory", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Remember what is read inside. A step judges by one reading: whatever changes meanwhile comes before or after."""
    before = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(before)


def is_remembered(what: Hashable) -> bool:
    """Tell whether something was read under this name in this step."""
    return what in (_memory.get() or {})


def remembered(what: Hashable, read: Callable[[], T]) -> T:
    """Return what was read under this name in this step, or read it now; outside of a step it is always read."""
    memory = _memory.get()
    if memory is None:
        return read()
    if what not in memory:
        memory[what] = read()
    found: T = memory[what]
    return found
