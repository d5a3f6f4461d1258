"""Store a picture: once, however often it is uploaded."""

import hashlib

from django.db import IntegrityError, transaction

from articles.files.pictures.making import Made
from articles.models import Picture, PictureFile


def store(made: Made) -> Picture:
    """Return the picture with these files, stored now if it was not there yet. Call it in a transaction."""
    digest = hashlib.sha256(made.files[-1].data).hexdigest()
    known = Picture.objects.filter(sha256=digest)
    if found := known.first():
        return found
    try:
        with transaction.atomic():
            return _stored(made, digest)
    except IntegrityError:  # somebody else has just stored the same one
        return known.get()


def _stored(made: Made, digest: str) -> Picture:
    widest = made.files[-1]
    picture = Picture(sha256=digest, media_type=made.media_type, width=widest.width, height=widest.height)
    picture.save()
    for file in made.files:
        PictureFile(
            picture=picture,
            sha256=hashlib.sha256(file.data).hexdigest(),
            width=file.width,
            height=file.height,
            data=file.data,
        ).save()
    return picture
