"""Logs as lines of JSON, each with the event and its request: never a text of an article, a name or a password."""

import datetime
import json
import logging
import re

PRIVATE = re.compile(r"(/(?:questions|reports)/)[^/\s]+")  # whoever has the address of what a reader sent can read it
LOGGED = ("status_code",)  # of the attributes that Django adds to a record; the request holds what people typed


class Line(logging.Formatter):
    """Write a record as one line of JSON, with its time in UTC and the ID of its request, if any."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": PRIVATE.sub(r"\1…", record.getMessage()),
        }
        line |= {name: getattr(record, name) for name in LOGGED if hasattr(record, name)}
        if request_id := getattr(getattr(record, "request", None), "id", ""):
            line["request"] = request_id
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
