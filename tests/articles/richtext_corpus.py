"""Good medical texts in canonical form: each must come out of the sanitiser as it went in, byte for byte."""


def table(*rows: str, caption: str = "", head: str = "") -> str:
    """Return a table of rows given as HTML."""
    lines = ["<table>"]
    lines += [f"<caption>{caption}</caption>"] if caption else []
    lines += ["<thead>", f"<tr>{head}</tr>", "</thead>"] if head else []
    return "\n".join([*lines, "<tbody>", *(f"<tr>{row}</tr>" for row in rows), "</tbody>", "</table>"])


def cells(*texts: str) -> str:
    """Return a row with a row header."""
    return f'<th scope="row">{texts[0]}</th>' + "".join(f"<td>{text}</td>" for text in texts[1:])


def columns(*texts: str) -> str:
    """Return a row of column headers."""
    return "".join(f'<th scope="col">{text}</th>' for text in texts)


def items(*texts: str, tag: str = "ul", start: int = 1) -> str:
    """Return a list."""
    attribute = f' start="{start}"' if start > 1 else ""
    return "\n".join([f"<{tag}{attribute}>", *(f"<li>{text}</li>" for text in texts), f"</{tag}>"])


SMITH = '<cite data-ref="smith2020">[smith2020]</cite>'
WHO = '<cite data-ref="WHO-EML_2023">[WHO-EML_2023]</cite>'

TABLES = [
    table("<td>Aspirin</td><td>100 mg</td>"),
    table(cells("Digoxin", "62.5–125 µg", "once daily"), head=columns("Drug", "Dose", "Frequency")),
    table(cells("Morphine", "2.5–5 mg", "4-hourly"), caption="Table 1. Opioids", head=columns("Drug", "Dose", "When")),
    table(cells("Heparin", "5,000 units", f"Subcutaneous{SMITH}"), caption=f"Prophylaxis{WHO}"),
    table(cells("Child < 12 years".replace("<", "&lt;"), "10 mg/kg"), cells("Adult", "≥ 500 mg".replace(">", "&gt;"))),
    table(cells("CO<sub>2</sub>", "35–45 mmHg"), cells("HCO<sub>3</sub><sup>−</sup>", "22–26 mmol/L")),
    table(cells("Platelets", "150–400 × 10<sup>9</sup>/L"), cells("eGFR", "mL/min/1.73 m<sup>2</sup>")),
    table('<th scope="colgroup" colspan="3">Adults</th>', cells("Oral", "10 mg", "daily"), cells("IV", "5 mg", "")),
    table('<th scope="row" rowspan="2">Amoxicillin</th><td>child</td><td>250 mg</td>', "<td>adult</td><td>500 mg</td>"),
    table('<td colspan="2" rowspan="3">no data</td><td>a</td>', "<td>b</td>", "<td>c</td>"),
    table(cells("Warfarin", 'see <a href="/articles/warfarin/">Warfarin</a>')),
    table(cells("Metformin", "<strong>Stop</strong> if eGFR &lt; 30", "<em>reduce</em> if 30–45")),
    table(cells("Insulin", ""), cells("", "4 units")),
    table(cells("Lithium", "<p>0.4–0.8 mmol/L</p><p>Take blood 12 h after the dose.</p>")),
    table(cells("Before", "<ul><li>potassium</li><li>creatinine</li></ul>")),
    table(cells("Steps", 'Then<ol start="2"><li>inject</li><li>flush</li></ol>')),
    table(cells("Body\u00a0weight", "10\u00a0kg", "100\u00a0mg")),
    table(cells("pH", "7.35–7.45"), cells("p<em>K</em><sub>a</sub>", "6.1"), cells("x<sup>n<sub>i</sub></sup>", "–")),
    table(cells("Temperature", "37.5 °C"), cells("Saturation", "94–98 %"), cells("Δ", "±0.5")),
    table(cells("Line one<br>line two", "a<br>b<br>c")),
    table(cells("Source", '<a href="https://www.who.int/x?a=1&amp;b=2#top">WHO</a>')),
    table(cells("Contact", '<a href="mailto:pharmacy@hospital.example">Pharmacy</a>')),
    table(cells("See", '<a href="#dosing">Dosing</a>'), cells("Or", '<a href="/">Home</a>')),
    table(cells("Both", f"Either{SMITH}, or{WHO}.")),
    table(cells("Paracétamol", "1 g"), cells("Ибупрофен", "400 мг"), cells("アスピリン", "100 mg")),
    table("<th>Plain head</th><th>Other</th>", "<td>1</td><td>2</td>"),
    "<table>\n<tbody>\n<tr><td>a</td></tr>\n</tbody>\n<tbody>\n<tr><td>b</td></tr>\n</tbody>\n</table>",
    '<table>\n<thead>\n<tr><th rowspan="2">Drug</th><th colspan="2">Dose</th></tr>\n'
    "<tr><th>Adult</th><th>Child</th></tr>\n</thead>\n"
    "<tbody>\n<tr><td>Aspirin</td><td>300 mg</td><td>–</td></tr>\n</tbody>\n</table>",
    table(*(cells(f"Drug {number}", f"{number / 4} mg", f"{number * 100} mcg") for number in range(1, 30))),
]  # fmt: skip

LISTS = [
    items("One"),
    items("Check <strong>potassium</strong>.", f"Stop the drug.{SMITH}", "Call for help."),
    items("First", "Second", tag="ol"),
    items("Third", "Fourth", tag="ol", start=3),
    items("Hundredth", tag="ol", start=100),
    items("Outer\n" + items("inner")),
    items("Outer\n" + items("inner\n" + items("innermost", tag="ol")), "Next"),
    items("Outer\n" + items("a", tag="ol", start=4) + "\n" + items("b")),
    items("<p>First part.</p>\n<p>Second part.</p>", "Other"),
    items("<p>Before</p>\n" + items("between") + "\n<p>after</p>"),
    items("H<sub>2</sub>O 5–10\u00a0mL", "Na<sup>+</sup> 140 mmol/L", "β-blocker", "α<sub>1</sub>-agonist"),
    items('<a href="/articles/sepsis/#urgent">Sepsis</a>', '<a href="http://example.org/a%20b">Link</a>'),
    items("O<sub>2</sub> &gt; 94 %", "R&amp;D", '"quoted"', "it's"),
    items(f"{SMITH}{WHO}"),
    items("a<br>b"),
]

ECG = '<figure data-figure="ecg"></figure>'
GROWTH = '<figure data-figure="Growth_chart-2"></figure>'

TEXTS = [
    ECG,
    f"<p>Before.</p>\n{ECG}\n<p>After.</p>",
    f"{ECG}\n{GROWTH}\n<h3>Doses</h3>\n{GROWTH}\n{TABLES[0]}\n{ECG}\n{LISTS[1]}\n{ECG}",
    "<p>Give <strong>100 mg</strong> twice daily.</p>",
    f"<h3>Dosing</h3>\n<p>Start low.{SMITH}</p>\n<h4>Children</h4>\n<p>10 mg/kg.</p>",
    f"<p>Before:</p>\n{LISTS[1]}\n<p>Doses:</p>\n{TABLES[2]}\n<p>After.</p>",
    '<p><a href="https://example.org/"><strong>Bold</strong> link</a> and <strong><em>both</em></strong>.</p>',
    f"{LISTS[0]}\n{LISTS[2]}\n{TABLES[0]}\n{TABLES[1]}",
    "<p>1 &lt; 2 &amp; 3 &gt; 2; &amp;lt; stays.</p>",
]

CORPUS = [*TABLES, *LISTS, *TEXTS]
