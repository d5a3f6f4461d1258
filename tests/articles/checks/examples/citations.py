from tests.articles.checks.content import content, text
from tests.articles.frozen import cite, lead, section, wording

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
        [
            text(f"<p>It helps.{cite('a')}</p>"),
            text(f"<ul><li>It helps.{cite('b')}</li></ul>"),
            text(f"<p>It helps.{cite('a', 'c')}</p>", works={"a": TRIAL}),
        ],
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
}


def marked(words, language="en", **more):
    """Return a text whose words may hold {} for a citation."""
    return text(f"<p>{words.format(cite('a'))}</p>", works={"a": TRIAL}, language=language, **more)


def two(one, other):
    return text(f"<p>So it is.{cite('a', 'b')}</p>", works={"a": {**TRIAL, **one}, "b": {**TRIAL, **other}})


def row(*cells):
    return "<table><tbody><tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr></tbody></table>"


LONG = "They rest well at home and drink enough. " * 20

EXAMPLES |= {
    "CIT-005": (
        [
            "Studies show that rest helps.",
            "Guidelines strongly recommend rest.",
            marked("It helps.{} Research suggests more."),
        ],
        [
            marked("Studies show that rest helps.{}"),
            "They study and show it.",
            text("Studies show it.", kind="policy"),
            text("Studies show it.", language="de"),
        ],
    ),
    "CIT-006": (
        [cited(DOI="10.1/x"), cited(DOI="10.1002/(SICI)1<1::AID>3.0.CO;2"), cited(DOI="https://doi.org/10.5555/x")],
        [cited(), cited(DOI="10.1056/NEJMoa1200303"), without("DOI"), cited(DOI="10.1016/S0140-6736(20)30183-5")],
    ),
    "CIT-007": (
        [cited(PMID="012345"), cited(PMID="123456789"), cited(PMCID="PMCX1")],
        [cited(PMID="12345678"), cited(PMCID="PMC123"), cited()],
    ),
    "CIT-008": (
        [two({}, {}), two({}, {"DOI": ""}), two({"PMID": "1"}, {"PMID": "1", "DOI": "10.5555/y", "title": "Other"})],
        [
            two({}, {"DOI": "10.5555/y", "title": "Other"}),
            cited(),
            two({}, {"DOI": "10.5555/y", "issued": {"date-parts": [[2020]]}}),
        ],
    ),
    "CIT-009": (
        [cited(issued={"date-parts": [[year]]}) for year in (1999, 2010, 2015)],
        [cited(issued={"date-parts": [[year]]}) for year in (2016, 2020, 2026)],
    ),
    "CIT-010": (
        [cited(issued={"date-parts": [[year]]}) for year in (2028, 2030, 2999)],
        [cited(issued={"date-parts": [[year]]}) for year in (2016, 2026, 2027)],
    ),
    "CIT-012": (
        [
            cited(URL="https://en.wikipedia.org/wiki/Rest"),
            cited(publisher="ChatGPT"),
            cited(URL="https://www.reddit.com/r/x"),
        ],
        [cited(), cited(title="Wikipedia as a teaching tool"), cited(URL="https://example.org/")],
    ),
    "CIT-013": (
        [without("author"), without("issued"), without("container-title")],
        [cited(), cited(type="webpage", URL="https://example.org/"), cited(status="in press")],
    ),
    "CIT-015": (
        [
            text(f"<p>It helps.{cite(*'abcdefghi')}</p>", works=dict.fromkeys("abcdefghi", TRIAL)),
            text(f"<p>It {cite(*'abcde')} helps.{cite(*'fghi')}</p>", works=dict.fromkeys("abcdefghi", TRIAL)),
            text(f"<ul><li>It helps.{cite(*'abcdefghijk')}</li></ul>", works=dict.fromkeys("abcdefghijk", TRIAL)),
        ],
        [
            cited(),
            text(f"<p>It helps.{cite(*'abcdefgh')}</p>", works=dict.fromkeys("abcdefgh", TRIAL)),
            text(f"<p>It{cite(*'abcde')} helps. So it is.{cite(*'fghi')}</p>", works=dict.fromkeys("abcdefghi", TRIAL)),
        ],
    ),
    "CIT-016": (
        [
            content(lead(f"<p>x{cite('a')}</p>"), section(body=f"<p>{LONG}</p>"), works={"a": TRIAL}, **more)
            for more in ({}, {"language": "de"}, {"kind": "question"})
        ],
        [
            content(lead(f"<p>x{cite('a')}</p>"), section(body=f"<p>{LONG}{cite('a')}</p>"), works={"a": TRIAL}),
            content(lead(f"<p>x{cite('a')}</p>"), section(), works={"a": TRIAL}),
            content(lead(), section(body=f"<p>{LONG}</p>")),
        ],
    ),
    "CIT-017": (
        [
            text("It helps.", works={"a": TRIAL}),
            text(f"<p>x{cite('a')}</p>", works={"a": TRIAL, "b": TRIAL}),
            content(lead(), works={"b": TRIAL}),
        ],
        [cited(), text("It helps."), content(lead(carer=wording(f"<p>x{cite('a')}</p>")), works={"a": TRIAL})],
    ),
    "CIT-018": (
        [
            "It helps 60% of people.",
            "It helps 3 in 10 people.",
            marked("It is so.{} It helps 60 to 80% of them."),
            row("Aspirin", "60%"),
            text("Es hilft 60 Prozent.", language="de"),
        ],
        [
            marked("It helps 60% of people.{}"),
            "Use a 5% solution.",
            row("Aspirin", f"60%{cite('a')}"),
            "It helps most people.",
            "Take one in two days.",
            text("It is 60%.", kind="policy"),
        ],
    ),
    "CIT-019": (
        [text(LONG), content(lead(), section(body=f"<p>{LONG}</p>")), text(LONG, language="de")],
        [cited(LONG), text("Rest."), text(LONG, kind="policy")],
    ),
    "CIT-020": (
        [without("DOI"), without("DOI", "title"), without("DOI", "issued")],
        [
            cited(),
            text(f"<p>x{cite('a')}</p>", works={"a": {**TRIAL, "DOI": "", "volume": "3", "page": "1-9"}}),
            text(f"<p>x{cite('a')}</p>", works={"a": {"type": "book", "title": "T", "publisher": "P"}}),
        ],
    ),
}
