"""Logs as JSON, a line each: what happened, in which request. Never a text of an article, a name or a password."""

import datetime
import json
import logging

KEPT = ("status_code",)  # of what Django adds to a record; the request itself holds what people typed


class Line(logging.Formatter):
    """Write a record as one line of JSON, with its time in UTC and the number of its request where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        said = {
            "at": datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        said |= {name: getattr(record, name) for name in KEPT if hasattr(record, name)}
        if request_id := getattr(getattr(record, "request", None), "id", ""):
            said["request"] = request_id
        if record.exc_info:
            said["error"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)
