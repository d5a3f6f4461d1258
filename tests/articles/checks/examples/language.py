from tests.articles.checks.content import content, text
from tests.articles.frozen import lead, section

EXAMPLES = {
    "LANG-013": (
        [
            "As an AI language model, it is hard to say.",
            "Sorry, as an AI assistant, I can’t say.",
            "The tool, as a large language model, errs.",
        ],
        [
            "Letrozole works as an AI (aromatase inhibitor).",
            "Tools such as a large language model can err.",
            "As an AI, letrozole lowers estradiol.",
        ],
    ),
    "LANG-014": (
        ["The dose is TBC.", "Take XX mg.", content(lead(), section(heading="TODO"))],
        ["The tbcs and mastodons.", text("El tratamiento sirve para todo el cuerpo.", language="es"), "Take 20 mg."],
    ),
    "TXT-001": (
        [text("Take 10\u200f20 mg."), content(title="A\u200ffever"), content(lead(), section(heading="a\u200fb"))],
        ["Take 10–20 mg.", text("Nimm 10 mg.", language="de"), content(title="Ménière’s disease")],
    ),
    "TXT-002": (
        ["Hepatitis С is treated.", "ОСТ scan", content(title="Vitamin Κ")],
        [text("Витамин С", language="ru"), "Hepatitis C is treated.", text("Βιταμίνη Κ", language="el")],
    ),
}
