from tests.articles.checks.content import AUTHOR, content
from tests.articles.frozen import cite, lead


def people(*roles):
    return content(contributors=[{**AUTHOR, "role": role} for role in roles])


def declared(level):
    return content(ai_use={"level": level, "note": ""})


def topics(*names):
    return content(topics=[{"name": name, "slug": name.lower()} for name in names])


EXAMPLES = {
    "GOV-005": (
        [declared(""), content(ai_use={"level": "", "note": "To check grammar"}), content(ai_use={"level": ""})],
        [declared("none"), declared("assisted"), declared("generated")],
    ),
    "GOV-010": (
        [people(), people("editor"), people("illustrator", "translator")],
        [people("author"), people("editor", "author"), people("author", "author")],
    ),
    "GOV-011": (
        [topics(), content(topics=[], kind="question"), content(topics=[], language="de")],
        [topics("Infection"), topics("Infection", "Children"), topics("Oncology")],
    ),
}


def named(*names):
    return content(contributors=[{**AUTHOR, "name": name} for name in names])


def searched(day):
    return content(evidence_current_to=day)


def works(**more):
    return content(lead(f"<p>x{cite('a')}</p>"), works={"a": {"type": "book", "title": "T"}}, **more)


EXAMPLES |= {
    "GOV-012": (
        [declared("assisted"), declared("generated"), content(ai_use={"level": "assisted", "note": " "})],
        [declared("none"), declared(""), content(ai_use={"level": "assisted", "note": "A tool checked the grammar."})],
    ),
    "GOV-013": (
        [content(contributors=[{**AUTHOR, "credentials": words}]) for words in ("", " ", None)],
        [content(), people("editor"), content(contributors=[{**AUTHOR, "credentials": "RN"}])],
    ),
    "GOV-014": (
        [named("ChatGPT"), named("Ada Example", "GPT-4"), named("AI assistant")],
        [named("Ada Example"), named("Claude Dupont"), named("Gemini Costa", "Ai Tanaka")],
    ),
    "GOV-015": (
        [searched("2026-12-01"), searched("2027-01-01"), searched("2999-01-01")],
        [searched("2026-11-30"), searched("2020-01-01"), content()],
    ),
    "GOV-016": (
        [works(), works(kind="question"), works(language="de")],
        [works(evidence_current_to="2026-01-01"), content(), works(kind="policy")],
    ),
}
