"""The files of pictures, each compared with the SHA-256 that names it in the versions that show it."""

import hashlib

from articles.models import PictureFile, VersionPicture
from reviews.verifying.problem import Report


def check(report: Report) -> None:
    """Report each file that a version shows and that is missing, or has other bytes. One file is read at a time."""
    shown = VersionPicture.objects.order_by("version", "pk").values_list("sha256", "version_id")
    first: dict[str, int] = {}
    for digest, version in shown.iterator(chunk_size=2000):
        first.setdefault(digest, version)
    stored = set()
    rows = PictureFile.objects.order_by("pk").values_list("sha256", "data")
    for digest, data in rows.iterator(chunk_size=1):
        if digest not in first:
            continue
        stored.add(digest)
        is_bytes = isinstance(data, bytes | memoryview)
        if not is_bytes or hashlib.sha256(data).hexdigest() != digest:
            message = f"The picture {digest}, first shown by version row {first[digest]}, has other bytes."
            report.add(report.events + 1, "picture", message)
    for digest in first.keys() - stored:
        message = f"The picture {digest}, first shown by version row {first[digest]}, is missing."
        report.add(report.events + 1, "picture", message)
