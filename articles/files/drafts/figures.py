"""Store the figures of a file in a draft: their words, and a picture for each that the draft does not have yet."""

import hashlib
from base64 import b64decode
from collections.abc import Iterable, Sequence

from articles.files.drafts.saving import NotImported, Saver
from articles.files.imported import ImportedFigure
from articles.files.pictures import apart, storing
from articles.files.pictures.making import Made
from articles.files.pictures.refused import Refused
from articles.models import Article, Figure, Picture, PictureFile
from articles.text.plain.plaintext import quoted
from articles.text.plain.translated import gettext as _


class Figures:
    """
    The figures of one file. Pictures that are not stored yet are made before any lock.

    Raise NotImported if a picture cannot be read.
    """

    def __init__(self, imported: Sequence[ImportedFigure], saver: Saver) -> None:
        self.saver = saver
        self.digests = {one.key: hashlib.sha256(b64decode(one.data)).hexdigest() for one in imported}
        self.made: dict[str, Made] = {}
        known = _known(self.digests.values())
        for one in imported:
            if self.digests[one.key] not in known:
                try:
                    self.made[one.key] = apart.read(b64decode(one.data))
                except Refused as error:
                    raise NotImported(
                        _("The figure {key} cannot be imported. {why}").format(key=quoted(one.key), why=str(error))
                    ) from None

    def store(self, figures: Sequence[ImportedFigure], article: Article) -> list[str]:
        """Save these figures of the file with their words; return a sentence for each that keeps another picture."""
        there = {row.key: row for row in article.figures.all()}
        known = _known(self.digests.values())
        said = []
        for one in figures:
            words = {"alt": one.alt, "caption": one.caption, "source": one.source, "licence": one.licence}
            row = there.get(one.key)
            if row is None:
                picture = known.get(self.digests[one.key]) or storing.store(self.made[one.key])
                row = Figure(article=article, key=one.key, picture=picture)
            elif one.key in self.made or known[self.digests[one.key]] != row.picture:
                said.append(
                    _("The figure {key} keeps its picture. Change that on the draft’s page “Figures”.").format(
                        key=quoted(one.key)
                    )
                )
            self.saver.save(row, **words, decorative=not one.alt)
        return said


def _known(digests: Iterable[str]) -> dict[str, Picture]:
    """Return the stored pictures by the SHA-256 of their files."""
    rows = PictureFile.objects.filter(sha256__in=[*digests]).select_related("picture").defer("data")
    return {row.sha256: row.picture for row in rows}
