from tests.articles.checks.content import content, text
from tests.articles.frozen import LABELS, cite, figure, lead, placed, section, wording

POINTS = section("k", role="key_points", heading="Key points")
RESEARCH = section("r", heading="From the research", body=f"<p>It was so in most. {cite('a')}</p>")


def question(*sections):
    return content(*sections, kind="question", works={"a": {"type": "book", "title": "T"}})


def shown(**more):
    return text(placed("scan"), figures=[figure(**more)])


def without(*audiences):
    return content(disclaimers={key: {} for key in LABELS if key not in audiences})


EXAMPLES = {
    "STR-001": (
        [text("<p></p>"), content(lead(), section(body="")), content(lead(), section(body="<p>\u00a0</p>"))],
        [text("Rest."), text(placed("scan"), figures=[figure()]), content(lead(), section())],
    ),
    "STR-003": (
        [without("public"), without("carer"), without("public", "professional")],
        [without(), content(audiences=[]), content(audiences=[{"key": "public", "label": "public"}])],
    ),
    "STR-005": (
        [content(section(), lead()), content(lead(), lead()), content(lead(), section(), lead())],
        [content(lead()), content(lead(), section()), content(section())],
    ),
    "STR-006": (
        [
            content(lead(public=wording("<p>Rest.</p>"))),
            content(lead(carer=wording(""))),
            content(lead(professional=wording("<p></p>", "A heading"))),
        ],
        [
            content(lead()),
            content(lead(carer=wording("<p>Let them rest.</p>"))),
            content(lead(professional=wording("<p>Advise rest.</p>"))),
        ],
    ),
    "STR-007": (
        [
            question(POINTS, RESEARCH),
            question(lead("<p>One. Two. Three.</p>"), POINTS, RESEARCH),
            question(lead("<p>Yes.</p>", carer=wording("<p>One. Two. Three.</p>")), POINTS, RESEARCH),
        ],
        [
            question(lead("<p>Yes. At 0.5 cm it is rare.</p>"), POINTS, RESEARCH),
            question(lead("<p>No, it is not.</p>"), POINTS),
            content(lead("<p>One. Two. Three.</p>")),
        ],
    ),
    "STR-008": (
        [question(lead(), RESEARCH), question(lead(), RESEARCH, POINTS), question(lead())],
        [question(lead(), POINTS, RESEARCH), question(POINTS), content(lead())],
    ),
    "STR-009": (
        [
            question(lead(), POINTS),
            question(lead(), POINTS, section()),
            question(lead(f"<p>Yes.{cite('a')}</p>"), POINTS),
        ],
        [question(lead(), POINTS, RESEARCH), question(RESEARCH), content(lead())],
    ),
    "FIG-001": (
        [text(placed("gone")), text(placed("scan", "gone"), figures=[figure()]), text(placed("other"))],
        [shown(), text("Rest."), text(placed("a", "b"), figures=[figure("a"), figure("b")])],
    ),
    "FIG-002": (
        [shown(alt="x"), shown(alt="IMG_1234.jpg"), shown(alt="screenshot 12")],
        [shown(), shown(alt="A disc with a pale edge"), shown(alt="", caption="")],
    ),
    "FIG-003": (
        [shown(alt="", caption="A disc"), shown(alt="", caption="x"), shown(alt="", caption="The same disc, later")],
        [shown(), shown(alt="", caption=""), shown(alt="A disc", caption="")],
    ),
    "FIG-004": (
        [
            shown(alt="A pale disc", caption="A pale disc."),
            shown(alt="a pale disc", caption="A pale disc"),
            shown(alt="Two discs.", caption="Two discs"),
        ],
        [shown(), shown(alt="A pale disc", caption="Disc after a day"), shown(alt="", caption="A pale disc")],
    ),
    "FIG-005": (
        [text("&lt;figure data-figure=&quot;scan&quot;&gt;"), text("A &lt;/figure&gt;"), text("&lt;FIGURE&gt;")],
        [shown(), text("The figure shows it."), text("Figures &lt; 5 are low.")],
    ),
}  # fmt: skip
