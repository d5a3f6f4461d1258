"""Tables: a dose is marked in its own row, and rows are never mixed."""

import re

import pytest

from articles.text.redline import changed, redline
from articles.text.richtext import clean
from tests.articles.redline.reading import assert_gives_both_back

pytestmark = pytest.mark.once


def table(*rows, caption="", head=""):
    caption = f"<caption>{caption}</caption>" if caption else ""
    head = f"<thead><tr>{''.join(f'<th>{cell}</th>' for cell in head)}</tr></thead>" if head else ""
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return clean(f"<table>{caption}{head}<tbody>{body}</tbody></table>")


def marked_rows(old, new):
    assert_gives_both_back(old, new)
    return re.findall(r"<tr.*?</tr>", redline(old, new))


ASPIRIN, DIGOXIN, HEPARIN = ("Aspirin", "100 mg"), ("Digoxin", "125 mcg"), ("Heparin", "5,000 units")


def test_a_changed_dose_is_marked_in_its_own_row_with_its_unit():
    rows = marked_rows(table(ASPIRIN, DIGOXIN), table(ASPIRIN, ("Digoxin", "250 mcg")))

    assert rows == [
        "<tr><td>Aspirin</td><td>100 mg</td></tr>",
        "<tr><td>Digoxin</td><td><del>125 mcg</del><ins>250 mcg</ins></td></tr>",
    ]


def test_a_deleted_row_is_marked_whole_and_leaves_the_others_alone():
    rows = marked_rows(table(ASPIRIN, DIGOXIN, HEPARIN), table(ASPIRIN, HEPARIN))

    assert rows[1] == '<tr data-change="removed"><td><del>Digoxin</del></td><td><del>125 mcg</del></td></tr>'
    assert not any(map(changed, [rows[0], rows[2]]))


def test_a_row_inserted_in_the_middle_is_marked_whole_and_leaves_the_others_alone():
    rows = marked_rows(table(ASPIRIN, HEPARIN), table(ASPIRIN, DIGOXIN, HEPARIN))

    assert rows[1] == '<tr data-change="added"><td><ins>Digoxin</ins></td><td><ins>125 mcg</ins></td></tr>'
    assert not any(map(changed, [rows[0], rows[2]]))


def test_a_row_that_replaces_another_takes_over_none_of_its_doses():
    rows = marked_rows(table(ASPIRIN, ("Digoxin", "100 mg", "daily")), table(ASPIRIN, ("Heparin", "200 mg", "daily")))

    assert [re.search("data-change=.(added|removed)", row)[1] for row in rows[1:]] == ["removed", "added"]


def test_swapped_rows_keep_their_doses():
    rows = marked_rows(table(ASPIRIN, DIGOXIN), table(DIGOXIN, ASPIRIN))

    assert len(rows) == 3
    assert all(("Aspirin" in row) == ("100 mg" in row) for row in rows)
    assert all(("Digoxin" in row) == ("125 mcg" in row) for row in rows)


def test_a_corrected_name_stays_one_row_only_if_nothing_else_in_it_changed():
    corrected = marked_rows(table(("Asprin", "100 mg")), table(("Aspirin", "100 mg")))
    other = marked_rows(table(("Prednisone", "10 mg")), table(("Prednisolone", "20 mg")))

    assert corrected == ["<tr><td><del>Asprin</del><ins>Aspirin</ins></td><td>100 mg</td></tr>"]
    assert len(other) == 2


def test_only_the_changed_cell_is_marked():
    rows = marked_rows(
        table(("Aspirin", "100 mg", "daily", "with food")), table(("Aspirin", "100 mg", "twice daily", "with food"))
    )

    assert rows == [
        "<tr><td>Aspirin</td><td>100 mg</td><td><ins>twice </ins>daily</td><td>with food</td></tr>",
    ]


def test_rows_of_one_name_under_different_headings_are_not_mixed():
    adults, children = '<tr><th colspan="2">Adults</th></tr>', '<tr><th colspan="2">Children</th></tr>'
    mouth, mouth_children = "<tr><td>Oral</td><td>10 mg</td></tr>", "<tr><td>Oral</td><td>5 mg</td></tr>"
    old = clean(f"<table>{adults}{mouth}{children}{mouth_children}</table>")
    new = clean(f"<table>{adults}{children}{mouth_children.replace('5', '7')}</table>")

    rows = marked_rows(old, new)

    assert '<tr data-change="removed"><td><del>Oral</del></td><td><del>10 mg</del></td></tr>' in rows
    assert "<tr><td>Oral</td><td><del>5 mg</del><ins>7 mg</ins></td></tr>" in rows


def test_rows_under_a_spanning_cell_belong_to_its_name():
    old = clean(
        '<table><tr><td rowspan="2">Amoxicillin</td><td>child</td><td>250 mg</td></tr>'
        "<tr><td>adult</td><td>500 mg</td></tr>"
        '<tr><td rowspan="2">Cefalexin</td><td>child</td><td>125 mg</td></tr>'
        "<tr><td>adult</td><td>1 g</td></tr></table>"
    )
    new = old.replace(
        '<tr><td>adult</td><td>500 mg</td></tr>\n<tr><td rowspan="2">Cefalexin', '<tr><td rowspan="2">Cefalexin'
    )
    new = clean(new.replace(' rowspan="2">Amoxicillin', ">Amoxicillin").replace("1 g", "2 g"))

    rows = marked_rows(old, new)

    assert not any("500 mg" in row and ("1 g" in row or "2 g" in row) for row in rows)
    assert "<tr><td>adult</td><td><del>1 g</del><ins>2 g</ins></td></tr>" in rows


def test_a_dose_that_goes_with_one_spanning_name_is_not_that_which_comes_with_another():
    first, second = '<tr><td rowspan="2">{}</td><td>mouth</td><td>{}</td></tr>', "<tr><td>vein</td><td>{}</td></tr>"
    single = "<tr><td>{}</td><td>mouth</td><td>{}</td></tr>"
    old = first.format("Morphine", "10 mg") + second.format("5 mg") + single.format("Hydromorphone", "2 mg")
    new = single.format("Morphine", "10 mg") + first.format("Hydromorphone", "2 mg") + second.format("1 mg")

    rows = marked_rows(clean(f"<table>{old}</table>"), clean(f"<table>{new}</table>"))

    assert not [row for row in rows if "5 mg" in row and ">1 mg" in row]
    assert [row for row in rows if "vein" in row and 'data-change="removed"' in row and "5 mg" in row]
    assert [row for row in rows if "vein" in row and 'data-change="added"' in row and "1 mg" in row]


@pytest.mark.parametrize("name", ["", "Warfarin", "Warfarin sodium, by mouth"])
@pytest.mark.parametrize("one_came", [False, True])
def test_of_rows_whose_name_comes_more_or_less_often_nothing_is_guessed(name, one_came):
    twice = table(ASPIRIN, (name, "10 mg"), (name, "20 mg"), HEPARIN)
    once = table(ASPIRIN, (name, "30 mg"), HEPARIN)

    same, *rows, same_too = marked_rows(*((once, twice) if one_came else (twice, once)))

    assert not any(map(changed, [same, same_too]))
    assert len(rows) == 3
    assert all("data-change" in row for row in rows)


def test_of_rows_of_one_name_the_one_that_is_alike_beside_it_stays_itself():
    old = table(ASPIRIN, ("Warfarin", "10 mg once daily at noon"), ("Warfarin", "20 mg on waking"), HEPARIN)
    new = table(ASPIRIN, ("Warfarin", "15 mg once daily at noon"), HEPARIN)

    rows = marked_rows(old, new)

    assert "<tr><td>Warfarin</td><td><del>10 mg</del><ins>15 mg</ins> once daily at noon</td></tr>" in rows
    assert 'data-change="removed"' in rows[2]


def test_a_dose_is_seen_beside_a_column_that_came():
    head = ("Drug", "Dose")
    old = table(("Morphine", "5 mg"), ASPIRIN, head=head)
    new = table(("Morphine", "oral", "50 mg"), (ASPIRIN[0], "oral", ASPIRIN[1]), head=("Drug", "Route", "Dose"))

    assert marked_rows(old, new)[1:] == [
        '<tr><td>Morphine</td><td data-change="added"><ins>oral</ins></td>'
        "<td><del>5 mg</del><ins>50 mg</ins></td></tr>",
        '<tr><td>Aspirin</td><td data-change="added"><ins>oral</ins></td><td>100 mg</td></tr>',
    ]
    assert "<td><del>50 mg</del><ins>5 mg</ins></td>" in marked_rows(new, old)[1]


def test_a_column_at_the_end_leaves_the_others_alone():
    rows = marked_rows(table(ASPIRIN, DIGOXIN), table((*ASPIRIN, "daily"), (*DIGOXIN, "daily")))

    assert rows == [
        f'<tr><td>{drug}</td><td>{dose}</td><td data-change="added"><ins>daily</ins></td></tr>'
        for drug, dose in (ASPIRIN, DIGOXIN)
    ]


def test_a_column_goes_by_its_heading_however_much_its_doses_are_those_of_others():
    old = table(("A", "5 mg", "5 mg", "5 mg"), head=("Drug", "Adults", "Elderly", "Women"))
    new = table(("A", "oral", "5 mg", "5 mg", "5 mg"), head=("Drug", "Route", "Men", "Infants", "Adults"))

    head, _ = marked_rows(old, new)

    assert "<th>Adults</th>" in head
    assert "<del>Adults" not in head


def test_a_column_that_moved_is_not_renamed_to_another_with_the_same_doses():
    old = table(("A", "5 mg", "5 mg"), head=("Drug", "Adults", "Elderly"))
    new = table(("A", "5 mg", "5 mg", "5 mg", "5 mg"), head=("Drug", "Elderly", "Men", "Adults", "Women"))

    head, _ = marked_rows(old, new)

    assert "</del><ins>" not in head


def test_with_spans_and_another_number_of_columns_the_rows_are_marked_whole():
    old = clean('<table><tr><td colspan="2">Aspirin</td></tr><tr><td>a</td><td>b</td></tr></table>')
    new = clean('<table><tr><td colspan="3">Aspirin</td></tr><tr><td>a</td><td>b</td><td>c</td></tr></table>')

    assert all("data-change" in row for row in marked_rows(old, new))


@pytest.mark.parametrize("others", [(), ("oral",), ("oral", "every 4 hours")], ids=len)
@pytest.mark.parametrize("beside", [(), (ASPIRIN,), (DIGOXIN, HEPARIN)], ids=len)
def test_a_renamed_drug_with_another_dose_is_another_row(others, beside):
    """Morphine 5 mg is not hydromorphone 1 mg, however much of the row is the same."""
    filled = [(*row, *others) for row in beside]
    old, new = table(*filled, ("Morphine", "5 mg", *others)), table(*filled, ("Hydromorphone", "1 mg", *others))

    rows = [row for row in marked_rows(old, new) if "orphine" in row or "orphone" in row]

    assert [re.search("data-change=.(added|removed)", row)[1] for row in rows] == ["removed", "added"]
    assert not any("Morphine" in row and "1 mg" in row for row in rows)


def test_a_renamed_drug_with_another_dose_beside_a_new_column_is_another_row():
    old = table(("Morphine", "5 mg"), ASPIRIN, head=("Drug", "Dose"))
    new = table(("Hydromorphone", "oral", "1 mg"), ("Aspirin", "oral", "100 mg"), head=("Drug", "Route", "Dose"))

    rows = marked_rows(old, new)

    assert not any("Morphine" in row and "1 mg" in row for row in rows)


def test_a_span_that_changed_marks_the_row_whole():
    old = clean(
        '<table><tr><td>Aspirin</td><td colspan="2">100 mg</td></tr><tr><td>a</td><td>b</td><td>c</td></tr></table>'
    )

    rows = marked_rows(old, clean(old.replace(' colspan="2">100 mg', ">100 mg</td><td>")))

    assert [("data-change" in row) for row in rows] == [True, True, False]


def test_a_changed_caption_is_marked_in_the_caption():
    old, new = table(ASPIRIN, caption="Doses for adults"), table(ASPIRIN, caption="Doses for children")

    assert_gives_both_back(old, new)
    assert "<caption>Doses for <del>adults</del><ins>children</ins></caption>" in redline(old, new)


def test_a_new_caption_is_marked_whole():
    old, new = table(ASPIRIN), table(ASPIRIN, caption="Doses")

    assert_gives_both_back(old, new)
    assert '<caption data-change="added"><ins>Doses</ins></caption>' in redline(old, new)


def test_a_head_added_to_a_table_leaves_the_rows_alone():
    old, new = table(ASPIRIN), table(ASPIRIN, head=("Drug", "Dose"))

    rows = marked_rows(old, new)

    assert [("data-change" in row) for row in rows] == [True, False]
