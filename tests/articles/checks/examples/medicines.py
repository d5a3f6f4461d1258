from tests.articles.checks.content import content, text
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

EXAMPLES |= {
    "MED-001": (
        [
            "Take 5.0 mg a day.",
            "The dose is 1.0 g, then less.",
            text("Nimm 5,0 mg am Tag.", language="de"),
            "<ul><li>Give 2.0 mL.</li></ul>",
        ],
        [
            "Take 5 mg a day.",
            "A value of 5.0 mg/dL is low.",
            "Take 5.05 mg.",
            "The lump has 2.0 cm.",
            text("Nimm 1.000 mg.", language="de"),
        ],
    ),
    "MED-002": (
        ["Take .5 mg a day.", "Give (.25 mL) now.", text("Nimm ,5 mg am Tag.", language="de")],
        ["Take 0.5 mg a day.", "Version 2.5 mg", "See chapter 3.5 on this.", "Take 1.5 mL."],
    ),
    "MED-003": (
        [
            "Inject 10 U of insulin.",
            "Inject 10U.",
            "Take 400 IU of vitamin D.",
            "Take it QD.",
            "Give 2 cc.",
            "Take 5 mg q.o.d. for a week.",
        ],
        [
            "Inject 10 units of insulin.",
            "The value is 40 U/L.",
            "In 2010 U.S. doctors agreed.",
            "It has 3 U-shaped rings.",
            text("Spritzen Sie 10 U.", language="de"),
        ],
    ),
    "MED-004": (
        ["Take 50 µg a day.", "Take 50 μg a day.", "Take 50µg."],
        ["Take 50 micrograms a day.", "Take 50 mcg a day.", text("Nimm 50 µg am Tag.", language="de")],
    ),
    "MED-005": (
        ["Take aspirin 81 daily.", "Give paracetamol 500 every 6 hours.", "Ibuprofen 400 three times a day helps."],
        [
            "Take aspirin 81 mg daily.",
            "Aspirin 2 hours before it.",
            "Vitamin B 12 once a week.",
            "Use insulin 4 times a day.",
        ],
    ),
    "MED-006": (
        ["Inject 10000 units.", "Give 1000 mg.", "Give 5000units."],
        ["Inject 10,000 units.", "In 2010 it was so.", "Give 500 mg.", "It was 1000 people."],
    ),
    "MED-007": (
        [
            "Take digoxin 125 micrograms. Never take digoxin 1 mg at once.",
            "Levothyroxine 50 mcg is usual. Levothyroxine 0.1 mg is more.",
            text("<ul><li>digoxin 0.25 mg</li><li>digoxin 62.5 micrograms</li></ul>"),
        ],
        [
            "Take digoxin 125 micrograms, or 250 micrograms of digoxin.",
            "Take digoxin 125 micrograms and aspirin 75 mg.",
            "Rest.",
            both("Take digoxin 0.25 mg.", "Give digoxin 250 micrograms."),
        ],
    ),
    "MED-010": (
        ["Take 5 mg of it.", "Give two or 10 mL with a spoon.", "Inject 5 units under the skin."],
        [
            "Take 5 mg twice a day.",
            "Take 5 mg as a single dose.",
            "Take 5 mg before you sleep.",
            "It has 5 mg of salt.",
        ],
    ),
    "MED-012": (
        [
            "Take 1 g every 4 hours. The maximum is 4 g in 24 hours.",
            "Take 400 mg four times a day, but no more than 1,200 mg a day.",
            "Take 500 mg three times daily. Do not exceed 1 g in 24 hours.",
        ],
        [
            "Take 1 g every 6 hours. The maximum is 4 g in 24 hours.",
            "Take 400 mg three times a day, but no more than 1,200 mg a day.",
            "<p>Take 1 g every 4 hours.</p><p>For children the maximum is 2 g in 24 hours.</p>",
        ],
    ),
    "MED-013": (
        ["Take 1 or 2 200 mg tablets.", "Take 2 500 mg tablets.", "Use 3 10 mL spoons."],
        [
            "Take two tablets of 200 mg.",
            "Take 2,500 mg.",
            "Take 1 or 2 tablets of 200 mg.",
            "In May 2020 500 mg was usual.",
        ],
    ),
    "MED-014": (
        ["Sugar over 126 mg/dL is high.", "Sugar over 7 mmol/L is high.", "<ul><li>200 mg/dl or more</li></ul>"],
        ["Sugar over 7 mmol/L (126 mg/dL) is high.", "Take 5 mg.", "A pint is half a litre."],
    ),
    "MED-015": (
        ["Take 5mg.", "Give 2.5mL now.", text("Nimm 50mg.", language="de")],
        ["Take 5 mg.", "Take 5\u00a0mg.", "The MP3m file."],
    ),
    "MED-016": (
        ["Give MSO4 now.", "Give MgSO4 now.", "Give MTX 10 mg once a week."],
        ["MS is a disease of the nerves.", "Give morphine sulfate.", "HCT scans of 5 people."],
    ),
    "MED-017": (
        ["Doses > 40 mg harm.", "Take <5 mL.", "At ≥ 20 units call us."],
        [
            "Doses of more than 40 mg harm.",
            "Children < 40 kg",
            "Sugar > 126 mg/dL",
            text("Doses > 40 mg harm.", written_for="professional"),
        ],
    ),
    "MED-018": (
        ["Take it b.i.d. with food.", "Take it TID.", "Take it p.r.n. for pain."],
        ["Take it twice a day.", text("Take it b.i.d.", written_for="professional"), "Take it if needed."],
    ),
    "MED-019": (
        ["Run it @ 5 mL an hour.", "Give it @10 mg.", "Start @ 2 units."],
        ["Write to me@example.org.", "Run it at 5 mL an hour.", "The sign @ is old."],
    ),
}
