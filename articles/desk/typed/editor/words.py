"""The words on the screen of the rich text editor, for its script."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from articles.desk.texts.figures.choosing import no_figure


def words() -> dict[str, str]:
    """Return each text of the editor by the name that its script uses, in the language of the interface."""
    return {**_tools(), **_tools_of_tables(), **_of_figures(), **_sentences()}


def _tools() -> dict[str, str]:
    return {
        "toolbar": _("Formatting: {name}"),
        "bold": _("Bold"),
        "italic": _("Italic"),
        "sub": _("Subscript"),
        "sup": _("Superscript"),
        "paragraph": _("Paragraph"),
        "heading": _("Heading"),
        "subheading": _("Subheading"),
        "bullets": _("Bulleted list"),
        "numbers": _("Numbered list"),
        "startAt": _("Start the list at a number"),
        "start": _("Number of the first item, from 1 to 100"),
        "save": pgettext("button", "Set"),
        "indent": _("Indent item"),
        "outdent": _("Outdent item"),
        "table": _("Insert table"),
        "link": _("Link"),
        "unlink": _("Remove link"),
        "cite": _("Cite a reference"),
        "figure": _("Insert figure"),
        "sign": _("Special sign"),
        "toRemark": _("Go to the comment"),
        "toWords": _("Show these words in the text"),
        "unmarked": _("These words are not marked in the text: they changed, or they stand there more than once."),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "control": pgettext("key", "Ctrl"),
        "shift": pgettext("key", "Shift"),
    }


def _tools_of_tables() -> dict[str, str]:
    return {
        "rowBefore": _("Add row above"),
        "rowAfter": _("Add row below"),
        "removeRow": _("Remove row"),
        "columnBefore": _("Add column before"),
        "columnAfter": _("Add column after"),
        "removeColumn": _("Remove column"),
        "headerRow": _("Header row"),
        "headerColumn": _("Header column"),
        "merge": _("Merge cells"),
        "split": _("Split cell"),
        "caption": _("Table caption"),
        "removeTable": _("Remove table"),
        "rows": _("Rows"),
        "columns": _("Columns"),
    }


def _of_figures() -> dict[str, str]:
    return {
        "editFigure": _("Edit figure"),
        "moveUp": _("Move figure up"),
        "moveDown": _("Move figure down"),
        "removeFigure": _("Remove figure"),
        "alternative": _("Alternative text: {words}"),
        "decorative": _("Decorative: without alternative text."),
        "noFigure": no_figure(),
        "opening": _("The figures are being loaded."),
        "sending": _("The figure is being saved."),
        "notSent": _(
            "The site did not take this. Check your connection, and that you are still signed in. Your entries are "
            "still here."
        ),
        "onePicture": _("Add pictures one by one: only the first is in the window."),
        "noPictures": _("Only pictures can be dropped into a text."),
    }


def signs() -> list[tuple[str, str]]:
    """Return the signs that a keyboard lacks, each with its name."""
    return [
        ("\u03bc", _("micro")),  # as it is stored, too, when a keyboard gives U+00B5
        ("≥", _("greater than or equal to")),
        ("≤", _("less than or equal to")),
        ("½", _("one half")),
        ("¼", _("one quarter")),
        ("¾", _("three quarters")),
        ("°", _("degree")),
        ("±", _("plus or minus")),
        ("×", _("times")),
        ("–", _("en dash")),
        ("−", _("minus")),
        ("≈", _("approximately")),
        ("≠", _("not equal to")),
        ("→", _("arrow to the right")),
        ("↑", _("arrow up")),
        ("↓", _("arrow down")),
        ("α", "alpha"),
        ("β", "beta"),
        ("γ", "gamma"),
        ("δ", "delta"),
        ("Δ", _("capital delta")),
        ("‰", _("per mille")),
        ("\u00a0", _("no-break space")),
        ("\u202f", _("narrow no-break space")),
        ("\u2009", _("thin space")),
    ]


def _sentences() -> dict[str, str]:
    return {
        "insert": pgettext("button", "Insert"),
        "cancel": _("Cancel"),
        "asHtml": _("Edit as HTML"),
        "asText": _("Back to the editor"),
        "onlyHtml": _("The editor cannot show this text unchanged. Edit it as HTML."),
        "help": _(
            "In a table, Tab moves to the next cell, and from the last cell to a new row. To leave the table, use the "
            "arrow keys. To leave the editor, press Escape and then Tab. Signs such as > or - stay as you type them."
        ),
        "pasting": _("The pasted text is being read."),
        "asPlain": _("The text was pasted without its formatting."),
        "flattened": _("A table cannot stand inside a table. Its cells became paragraphs."),
        "linkTo": _("Title of an article, or an address"),
        "noLink": _("Choose an article from the list, or write an address."),
        "findReference": _("Author, title, year or key"),
        "noneFound": _("Nothing was found."),
        "someFound": _("{number} found. Use the arrow keys to choose."),
        "ofLibrary": _("(from the library)"),
        "citation": _("Reference {number}: {text}"),
        "unknownKey": _("[@{key}] is not among the article’s references."),
        "away": _("The server cannot be reached. Try again when you are online."),
    }
