from tests.articles.checks.content import content, text
from tests.articles.frozen import lead, section, wording

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


def professional(words):
    return text(words, written_for="professional")


HARD = "Pharmacological intervention necessitates consideration of concomitant physiological deterioration. "
EASY = "Drink water. Stay in bed. Call us if the pain is bad. You can eat what you like. Rest for a day or two. "
PASSIVE = "It is checked. It was seen. You are given water. You are told. "
LONG = (
    "You can drink water and eat soup and rest in bed for as long as you feel that this is good for you and your child."
)

EXAMPLES |= {
    "LANG-001": (
        [
            text(HARD * 20),
            text(HARD * 20, written_for="carer"),
            content(lead(f"<p>{EASY * 6}</p>", carer=wording(f"<p>{HARD * 20}</p>"))),
        ],
        [text(EASY * 6), professional(HARD * 20), text(HARD), text(HARD * 20, language="de")],
    ),
    "LANG-002": (
        [LONG, f"<ul><li>{LONG}</li></ul>", f"Rest. {LONG} Rest."],
        ["Take 0.5 mg, e.g. with water. Then rest.", professional(LONG), text(LONG, language="de")],
    ),
    "LANG-003": (
        [EASY, text(EASY, language="de"), f"<p>Rest.</p><p>{EASY}</p>"],
        ["Rest. Drink. Eat.", professional(EASY), "<ul><li>One.</li><li>Two.</li><li>Three.</li><li>Four.</li></ul>"],
    ),
    "LANG-004": (
        [
            "PCOS is common.",
            "People with COPD cough. Chronic obstructive pulmonary disease (COPD) is common.",
            professional("The ACEIs help."),
        ],
        [
            "Polycystic ovary syndrome (PCOS) is common. PCOS is treated.",
            "PCOS (polycystic ovary syndrome) is common.",
            "DO NOT STOP. HIV is a virus.",
            text("Die AOK zahlt.", language="de"),
            "IL-6 and CD4 are counted.",
        ],
    ),
    "LANG-005": (
        ["You have hypertension.", "The aetiology is known.", "A myocardial infarction is an emergency."],
        [
            "You have high blood pressure.",
            "You have hypertension (high blood pressure).",
            professional("You have hypertension."),
            "High blood pressure (hypertension) is common.",
        ],
    ),
    "LANG-006": (
        [
            "She suffers from asthma.",
            "Diabetics need it.",
            content(title="Help for addicts"),
            "He was confined to a wheelchair.",
        ],
        [
            "She has asthma.",
            "People with diabetes need it.",
            "Diabetic foot ulcers heal.",
            "Alcoholics Anonymous helps.",
        ],
    ),
    "LANG-007": (
        ["It is a miracle cure.", "It is 100% safe.", "It has no side effects.", "A cure is guaranteed."],
        [
            "No treatment is 100% safe.",
            "There is no miracle cure.",
            "It has few side effects.",
            "It is safe for most people.",
        ],
    ),
    "LANG-008": (
        [PASSIVE, f"<p>{PASSIVE}</p><p>You rest.</p>", PASSIVE * 2],
        [EASY, professional(PASSIVE), "It is checked. You rest.", text(PASSIVE, language="de")],
    ),
    "LANG-009": (
        ["It helps 60% of people.", "It helps 5 percent.", "<ul><li>60% get well</li></ul>"],
        ["It helps 60 in 100 people (60%).", professional("It helps 60%."), "It helps most."],
    ),
    "LANG-010": (
        [
            "It helps 1 in 7 men and 1 in 100 women.",
            "It is 2 in 1,000, then 3 in 100.",
            "Of these 1 out of 5, and 2 in 10.",
        ],
        ["It helps 14 in 100 men and 1 in 100 women.", "<p>1 in 7 men.</p><p>1 in 100 women.</p>", "It helps 1 in 7."],
    ),
    "LANG-011": (
        [
            "It doubles the risk of stroke.",
            "You are twice as likely to fall.",
            "A 50% higher risk is seen.",
            professional("They have a 3 times higher risk."),
        ],
        [
            "It doubles the risk of stroke, from 1 in 100 to 2 in 100.",
            "Take twice as much.",
            "It doubles in size.",
            "A 50% higher risk: 3 in 100 compared with 2 in 100.",
        ],
    ),
    "LANG-012": (
        ["Rest for 5-10 days.", "It takes 2–3 weeks.", "About 10 - 20% of people."],
        ["Rest for 5 to 10 days.", "Call 555-1234.", professional("Rest for 5-10 days."), "In 2010-2012 it was so."],
    ),
    "LANG-015": (
        ["There is nothing to worry about.", "You have a good chance of a cure.", "Don’t worry."],
        ["Call us if you are worried.", professional("Don’t worry."), "9 in 10 people get well."],
    ),
    "LANG-016": (
        ["Eat fruit, e.g. apples.", "Eat fruit, i.e. apples.", "Rest & drink."],
        [
            "Eat fruit, for example apples.",
            professional("Eat fruit, e.g. apples."),
            text("Etc. Obst & Gemüse.", language="de"),
        ],
    ),
    "LANG-017": (
        ["Take the tabblet.", "The feever is high.", "<ul><li>Drink watterr.</li></ul>"],
        ["Take the tablet.", "Dr Krzyzewski agrees.", text("Nimm die Tablette.", language="de"), "Take clobazam."],
    ),
    "LANG-018": (
        ["Take the the tablet.", "Rest in in bed.", "Rest and and drink."],
        ["He had had it.", "I know that that is so.", "Take it. It is good.", text("Die die das tun.", language="de")],
    ),
    "LANG-019": (
        ["It is clinically proven.", "It boosts your immune system.", "It is a breakthrough drug."],
        ["It helped 6 in 10 people.", "The breakthrough pain is treated.", "The drug boosts nothing."],
    ),
    "LANG-020": (
        ["The tumor is small. The tumours grow.", "Anaemia or anemia", "<p>colour</p><p>color</p>"],
        [
            "The tumor is small. The tumors grow.",
            "The tumour has a colour.",
            text("Der Tumor, the tumour", language="de"),
        ],
    ),
}
