from tests.articles.checks.content import text
from tests.articles.frozen import cite

TRIAL = {
    "type": "article-journal",
    "title": "Rest in fever",
    "container-title": "Journal of Examples",
    "author": [{"family": "Example", "given": "A"}],
    "issued": {"date-parts": [[2024]]},
    "DOI": "10.5555/rest",
}


def cited(words="It helps.", key="a", **work):
    return text(f"<p>{words}{cite(key)}</p>", works={key: {**TRIAL, **work}})


def without(*names, words="It helps."):
    return text(f"<p>{words}{cite('a')}</p>", works={"a": {k: v for k, v in TRIAL.items() if k not in names}})


EXAMPLES = {
    "CIT-001": (
        [text(f"<p>It helps.{cite('a')}</p>"), text(f"<ul><li>It helps.{cite('b')}</li></ul>"),
         text(f"<p>It helps.{cite('a', 'c')}</p>", works={"a": TRIAL})],
        [cited(), text("It helps."), text("It helps [see below].")],
    ),
    "CIT-002": (
        [cited(status="retracted"), cited(status="Retracted"), cited(status="RETRACTED", key="b")],
        [cited(), cited(status="published"), cited(title="A retracted cover: rest in fever")],
    ),
    "CIT-003": (
        [without("title", "DOI"), without("title", "DOI", "issued"), without("title", "DOI", "author")],
        [cited(), without("title"), without("DOI")],
    ),
    "CIT-004": (
        [
            without("title", "DOI", words="5 of 10 got well."),
            without("title", "DOI", words="It takes 2 days."),
            without("title", "DOI", words="In 2020 it was so."),
        ],
        [without("title", "DOI"), cited("5 of 10 got well."), without("title", words="5 of 10 got well.")],
    ),
}  # fmt: skip
