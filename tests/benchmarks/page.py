"""The page that all speeds are measured on: ten sections, eight tables, five references, about 23 kB of HTML."""

SECTIONS, TABLES, REFERENCES = 10, 8, 5
SAMPLE = (
    "sample nodes filter fluid before it returns to the blood and each small station keeps what may harm the body so "
    "that cells of defence can learn about it while the vessels carry the rest along"
)
WORDS = SAMPLE.split()


def sections() -> list[dict[str, str]]:
    """Return the sections, each as heading and HTML; two of them without a table."""
    return [{"heading": f"Part {number + 1} of the sample", "text": _text(number)} for number in range(SECTIONS)]


def _text(number: int) -> str:
    paragraphs = "".join(f"<p>{_words(number * 7 + place, 55)}{_cited(number, place)}.</p>" for place in range(3))
    return paragraphs + (_table(number) if number < TABLES else "")


def _words(start: int, count: int) -> str:
    return " ".join(WORDS[(start * 3 + place) % len(WORDS)] for place in range(count)).capitalize()


def _cited(number: int, place: int) -> str:
    return f'<cite data-ref="work{number}"></cite>' if place == 0 and number < REFERENCES else ""


def _table(number: int) -> str:
    rows = "".join(
        f'<tr><th scope="row">Group {row}</th><td>{number + row} mg</td><td>{_words(row, 5)}</td></tr>'
        for row in range(1, 6)
    )
    head = '<tr><th scope="col">Who</th><th scope="col">Dose</th><th scope="col">Remark</th></tr>'
    return f"<table><caption>Doses of sample {number + 1}</caption><thead>{head}</thead><tbody>{rows}</tbody></table>"
