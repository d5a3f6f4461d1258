"""
Parse a Markdown file with YAML front matter as an article.

    ---
    title: "Bowel cancer: first signs"
    # or question, policy
    kind: topic
    topics: [Oncology]
    # whom the general text is written for
    audience: public
    # or assisted, generated; then say in ai_note with which tool and for what
    ai_use: none
    # the day of the last search of the literature
    evidence_current_to: 2026-03-31
    # of a translation: the published version that was translated
    translation_of: /articles/bowel-cancer-signs/versions/2/
    # of single sections, if they have it: a topic, other headings of their wordings
    sections:
      - {heading: Doses, topic: Oncology, headings: {professional: Dosing}}
    references:
      - {id: smith2020, type: article-journal, title: A trial, author: ["Smith, Ann"], issued: 2020-03, DOI: 10.1000/x}
    ---
    The lead, with a citation [@smith2020], H~2~O and 10^9^, and a note.[^1]

    [^1]: It is shown at the end of its section.

    ## Key points

    - This heading and “Summary” say their role; {urgent}, {summary}, {key_points} or {body} after another gives it one.
    - So do {help_now}, {help_today} and {help_soon}, the three levels of help.

    ## Doses

    Table: The caption of the table below
    | Drug | Dose |
    |---|---|
    | A | 5 mg |

    ::: professional
    The same section, worded for another audience.
    :::
"""

from articles.files.imported import BadFile, Faults, ImportedArticle, ImportedReference, ImportedSection, at_line
from articles.files.markdown import limits, source
from articles.files.markdown.body import reading as body
from articles.files.markdown.front_matter import front_matter
from articles.files.markdown.front_matter.beside import with_beside
from articles.text.plain.translated import gettext as _

__all__ = ["AUDIENCES", "BadFile", "ImportedArticle", "ImportedReference", "ImportedSection", "parse"]

AUDIENCES = frozenset({"public", "carer", "professional"})


def parse(data: bytes, *, audiences: frozenset[str] = AUDIENCES) -> ImportedArticle:
    """
    Return the article of the file, with cleaned texts, or raise BadFile with a sentence and a line for each fault.

    `audiences` are the keys that `audience:` and `:::` may name. No database is used. Nothing typed is dropped
    silently: unsupported content is refused, and unusual content gives a warning. The words of the result are compared
    with those of a second, simpler reading of the file.
    """
    file = source.read(data)
    limits.check(file)
    faults = Faults()
    front = front_matter.read(file.front_matter, faults, first_line=2, audiences=audiences)
    text = body.read(
        file.body,
        faults,
        first_line=file.closing_line + 1,
        keys=[reference.key for reference in front.references] if front else None,
        audiences=audiences,
        written_for=front.written_for if front else front_matter.WRITTEN_FOR,
    )
    faults.stop()
    if front is None:
        raise ValueError("No fault was noted for front matter that cannot be read.")
    never_cited = [
        at_line(reference.line, _("The reference “{key}” is never cited.").format(key=reference.key))
        for reference in front.references
        if reference.key not in text.cited
    ]
    sections, unsaid = with_beside(text.sections, front.beside)
    warnings = front.warnings + text.warnings + never_cited + unsaid
    return ImportedArticle(**front.of_article, sections=sections, warnings=warnings)
