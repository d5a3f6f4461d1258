"""
The units that a dose may have, each spelling with its code in UCUM: one closed list for checks, comparisons and search.

UCUM is the Unified Code for Units of Measure (Regenstrief Institute, ucum.org, version 2.1). What it has no unit for
has a code in braces, which UCUM reads as an annotation of the number 1. `articles.text.plain.doses` finds these
spellings, and `articles.search.analysis.amounts` converts those of mass and volume. Tests hold the three against each
other.
"""

MASS = {
    "mg": "mg milligram milligrams Milligramm",
    "ug": "µg μg ug mcg microgram micrograms Mikrogramm",
    "ng": "ng nanogram nanograms",
    "g": "g gm gram grams Gramm",
    "kg": "kg kilogram kilograms Kilogramm",
}
VOLUME = {
    "L": "L l liter liters litre litres Liter",
    "mL": "mL ml cc milliliter milliliters millilitre millilitres Milliliter",
    "cL": "cL cl",
    "dL": "dL dl",
    "uL": "µL μL µl μl",
}
BIOLOGICAL = {
    "[iU]": "IU I.E I.E. IE IE. U unit units Einheite Einheiten",
    "10*6.[iU]": "MIU MU megaunit megaunits millionunit millionunits mega_unit mega_units million_unit million_units",
    "mol": "mol",
    "mmol": "mmol",
    "umol": "µmol μmol",
    "nmol": "nmol",
    "pmol": "pmol",
    "eq": "Eq",
    "meq": "mEq",
    "mosm": "mOsm",
}
TIME = {
    "s": "s sec second seconds Sekunde Sekunden",
    "min": "min mins minute minutes Minute Minuten",
    "h": "h hr hrs hour hours Stunde Stunden Std",
    "d": "d day days Tag Tage Tagen night nights Nacht Nächte Nächten",
    "wk": "wk wks week weeks Woche Wochen",
    "2.wk": "fortnight fortnights",
    "mo": "month months Monat Monate Monaten",
    "a": "y yr yrs year years Jahr Jahre Jahren",
}
FORM = {
    "{tablet}": "tablet tablets pill pills Tablette Tabletten",
    "{capsule}": "capsule capsules Kapsel Kapseln",
    "[drp]": "drop drops Tropfen",
    "{puff}": "puff puffs Hub Hübe Hüben",
    "{sachet}": "sachet sachets Beutel Beuteln",
    "{ampoule}": "ampoule ampoules Ampulle Ampullen",
    "{vial}": "vial vials",
    "{lozenge}": "lozenge lozenges",
    "{suppository}": "suppository suppositories Zäpfchen",
    "{patch}": "patch patches Pflaster Pflastern",
    "{teaspoon}": "teaspoon teaspoons teaspoonful teaspoonfuls Teelöffel Teelöffeln",
    "{tablespoon}": "tablespoon tablespoons tablespoonful tablespoonfuls Esslöffel Esslöffeln",
    "{spoon}": "spoon spoons spoonful spoonfuls Messlöffel Messlöffeln",
    "{dose}": "dose doses Dosis Dosen",
    "{spray}": "spray sprays Sprühstoß Sprühstoss Sprühstöße Sprühstößen Sprühstösse Sprühstössen",
    "{injection}": "injection injections Spritze Spritzen",
}
OTHER = {
    "%": "% percent Prozent",
    "[ppth]": "‰",
    "deg": "°",
    "Cel": "°C",
    "[degF]": "°F",
    "mm[Hg]": "mmHg mm_Hg",
    "Pa": "Pa",
    "kPa": "kPa",
    "{beats}/min": "bpm",
    "kcal": "kcal",
    "J": "J",
    "kJ": "kJ",
    "Gy": "Gy",
    "mSv": "mSv",
    **{f"{unit}m": f"{sign}m" for unit, sign in (("", ""), ("c", "c"), ("m", "m"), ("k", "k"), ("n", "n"))},
    "um": "µm μm",
    **{
        f"{unit}m{power}": " ".join(f"{sign}m{raised}" for sign in signs for raised in (power, f"^{power}", small))
        for unit, signs in (("", [""]), ("c", "c"), ("m", "m"), ("k", "k"), ("n", "n"), ("u", "µμ"))
        for power, small in (("2", "²"), ("3", "³"))
    },
}
CODES = {
    spelling.replace("_", " "): code
    for units in (MASS, VOLUME, BIOLOGICAL, TIME, FORM, OTHER)
    for code, spellings in units.items()
    for spelling in spellings.split()
}
