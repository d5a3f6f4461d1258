from tests.articles.checks.content import AUTHOR, content


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
