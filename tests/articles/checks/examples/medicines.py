from tests.articles.checks.content import content
from tests.articles.frozen import lead, wording


def both(main, carer):
    return content(lead(f"<p>{main}</p>", carer=wording(f"<p>{carer}</p>")))


EXAMPLES = {
    "DOS-001": (
        [
            both("Take 5 mg twice a day.", "Give 50 mg twice a day."),
            both("Take one tablet.", "Give two tablets."),
            both("Take 1 g.", "Give 100 mg."),
        ],
        [
            both("Take 1 g twice a day.", "Give 1000 mg twice a day."),
            both("Take 5 mg.", "Help them with the tablet."),
            both("Rest.", "Give 5 mg."),
        ],
    ),
}
