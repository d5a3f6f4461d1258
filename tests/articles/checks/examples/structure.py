from tests.articles.checks.content import content, text
from tests.articles.frozen import DRUGS, LABELS, cite, figure, lead, placed, section, table, wording

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
    "FIG-006": (
        [content(unplaced=["scan"]), content(unplaced=["a", "b"]), content(unplaced=["b"], language="de")],
        [content(), content(unplaced=[]), shown()],
    ),
    "FIG-005": (
        [text("&lt;figure data-figure=&quot;scan&quot;&gt;"), text("A &lt;/figure&gt;"), text("&lt;FIGURE&gt;")],
        [shown(), text("The figure shows it."), text("Figures &lt; 5 are low.")],
    ),
}


def helped(*roles, **more):
    return content(lead(), *(section(role, role=role, heading=role) for role in roles), **more)


def parts(*bodies):
    return content(
        lead(), *(section(str(n), heading=head, body=f"<p>{body}</p>") for n, (head, body) in enumerate(bodies))
    )


def link(words, to="https://example.org/"):
    return text(f'<p>Look at <a href="{to}">{words}</a> for it.</p>')


LONG = "They rest well at home and drink enough. " * 45
TREATMENT = (
    "Treatment",
    "It helps most people. It has side effects. Untreated, the fever goes too. You can choose. "
    "What happens in babies is not known.",
)

EXAMPLES |= {
    "STR-002": (
        [text("Call us for chest pain."), content(lead(), risk="high"), text(LONG), text("A seizure is an emergency.")],
        [
            text("Rest."),
            helped("urgent", risk="high"),
            content(lead(), risk="high", written_for="professional"),
            content(lead(), risk="high", kind="policy"),
            text("See the National Institute of Neurological Disorders and Stroke."),
        ],
    ),
    "STR-004": (
        [text(LONG), text(LONG, language="de"), content(lead(), section(body=f"<p>{LONG}</p>"))],
        [text("Rest."), content(lead(f"<p>{LONG}</p>"), POINTS), text(LONG, written_for="professional")],
    ),
    "STR-010": (
        [helped("urgent", "urgent"), helped("urgent", "help_now", "help_today"), helped("help_soon", "help_soon")],
        [helped("urgent"), helped("help_now", "help_today", "help_soon"), content(lead())],
    ),
    "STR-011": (
        [
            text(f"<table><tbody><tr><td>{a}</td><td>{b}</td></tr></tbody></table>")
            for a, b in ("xy", "12", ("Dose", "5 mg"))
        ],
        [text(table(DRUGS)), text("Rest."), text("<table><tbody><tr><th>Dose</th><td>5 mg</td></tr></tbody></table>")],
    ),
    "STR-012": (
        [
            parts(("Treatment", "It helps.")),
            parts(("Surgery", "It has risks.")),
            parts(("Therapy", "You can choose it.")),
        ],
        [parts(TREATMENT), parts(("Causes", "It helps.")), text("Treatment helps.")],
    ),
    "STR-014": (
        [text("<h4>B</h4><p>y</p>"), text("<h4>A</h4><p>x</p><h3>B</h3><p>y</p>"), text("<p>x</p><h4>B</h4><p>y</p>")],
        [
            text("<h3>A</h3><p>x</p><h4>B</h4><p>y</p>"),
            text("<h3>A</h3><p>x</p>"),
            text("<h3>A</h3><h4>B</h4><p>y</p><h3>C</h3><p>z</p>"),
        ],
    ),
    "STR-015": (
        [link("click here"), link("here"), link("read more"), link("this page")],
        [link("the page on rest"), text("Click here."), link("Rest: read more about it")],
    ),
    "STR-016": (
        [
            link("rest", "http://example.org/"),
            link("<em>rest</em>", "http://example.org/a"),
            link("more rest", "http://x.example/"),
        ],
        [link("rest"), text("See http://example.org/."), link("rest", "mailto:a@example.org")],
    ),
    "STR-017": (
        [content(title=title) for title in ("What is " + "very " * 15 + "long?", "x" * 66, "A " * 40)],
        [content(title=title) for title in ("A fever", "x" * 65, "What is a fever?")],
    ),
    "STR-018": (
        [
            parts(("Causes", "x"), ("Causes", "y")),
            parts(("Causes", "x"), ("causes", "y")),
            parts(("A", "x"), ("B", "y"), ("A", "z")),
        ],
        [
            parts(("Causes", "x"), ("Signs", "y")),
            text("Rest."),
            content(lead(), section(carer=wording("<p>x</p>", "Heading"))),
        ],
    ),
    "STR-019": (
        [text(LONG), text(LONG, language="de"), text(LONG, written_for="professional")],
        [text("Rest."), text(f"<p>{LONG[:400]}</p><p>{LONG[:400]}</p>"), text(f"<ul><li>{LONG}</li></ul>")],
    ),
    "STR-020": (
        [text("<p>x</p><h3>A</h3>"), text("<h3>A</h3><h3>B</h3><p>x</p>"), text("<h4>A</h4><h3>B</h3><p>x</p>")],
        [
            text("<h3>A</h3><p>x</p>"),
            text("<h3>A</h3><h4>B</h4><p>x</p>"),
            text(f"<h3>A</h3>{placed('scan')}", figures=[figure()]),
        ],
    ),
}
