"""A mail server that keeps a line for each mail, also of one whose sender is killed right after."""

import os

from django.conf import settings


class Backend:
    def __init__(self, **kwargs):
        pass

    def send_messages(self, messages):
        line = "".join(f"{message.extra_headers['Message-ID']}\n" for message in messages).encode()
        file = os.open(settings.MAILS, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(file, line)
        os.close(file)
        return len(messages)
