"""Store a picture: once, however often it is uploaded."""

import hashlib

from articles.files.pictures.making import Made
from articles.models import Picture, PictureFile


def store(made: Made) -> Picture:
    """Return the picture with these files, stored now if it was not there yet. Call it in a transaction."""
    widest = made.files[-1]
    digest = hashlib.sha256(widest.data).hexdigest()
    if known := Picture.objects.filter(sha256=digest).first():
        return known
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
