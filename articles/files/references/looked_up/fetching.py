"""Fetch one answer of another site: within a time, up to a size, and from that site alone."""

import time
from http.client import HTTPException
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

from articles.text.plain.translated import gettext as _

MOST_BYTES = 4 * 1024 * 1024
MOST_SECONDS = 10.0  # for one answer
_CHUNK = 64 * 1024


class NotFetched(ValueError):
    """Raised if there is no usable answer, with the reason as a sentence."""


class _SameSite(HTTPRedirectHandler):
    """Follows a redirect to the same site only: a number is not sent anywhere else."""

    max_redirections = 3

    def redirect_request(self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str) -> Any:
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if (old.scheme, old.netloc) != (new.scheme, new.netloc):
            raise NotFetched(_("{host} sent us to another site. Nothing was fetched there.").format(host=old.hostname))
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(address: str, seconds: float = MOST_SECONDS) -> bytes:
    """Return the answer's bytes. Raise NotFetched if there is none in time, or if it is an error or too large."""
    host = urlsplit(address).hostname
    contact = f" (mailto:{settings.LOOK_UP_CONTACT})" if settings.LOOK_UP_CONTACT else ""
    request = Request(address, headers={"User-Agent": f"Imprimatur{contact}"})  # noqa: S310 (our own addresses)
    until = time.monotonic() + min(seconds, MOST_SECONDS)
    try:
        with build_opener(_SameSite).open(request, timeout=min(seconds, MOST_SECONDS)) as answer:
            return _read(answer, until, str(host))
    except HTTPError as error:
        error.close()
        if error.code == 404:
            raise NotFetched(_("{host} has no work with this number.").format(host=host)) from None
        said = _("{host} answered with the error {code}. Try again later.")
        raise NotFetched(said.format(host=host, code=error.code)) from None
    except TimeoutError:
        raise NotFetched(_("{host} did not answer in time. Try again later.").format(host=host)) from None
    except (URLError, HTTPException, OSError) as error:
        if isinstance(getattr(error, "reason", None), TimeoutError):
            raise NotFetched(_("{host} did not answer in time. Try again later.").format(host=host)) from None
        raise NotFetched(_("{host} cannot be reached. Try again later.").format(host=host)) from None


def _read(answer: Any, until: float, host: str) -> bytes:
    pieces, size = [], 0
    while piece := answer.read1(_CHUNK):
        pieces.append(piece)
        size += len(piece)
        if size > MOST_BYTES:
            raise NotFetched(_("The answer of {host} is too large.").format(host=host))
        if time.monotonic() > until:
            raise TimeoutError
    if answer.length:  # what is still missing of the length that was announced
        raise NotFetched(_("The answer of {host} was cut off. Try again.").format(host=host))
    return b"".join(pieces)
