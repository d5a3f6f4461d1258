"""Numbers of citations, the list of references, and the ways between them."""

from hypothesis import given, settings
from hypothesis import strategies as st

from articles.text.rendering import render, visible_text
from tests.articles.frozen import cite, lead, page, row, section, table, version, wording


def marks(article):
    return ["".join(mark.itertext()) for mark in article.find_class("citation")]


def test_citations_are_numbered_by_first_use_and_collapse_to_ranges():
    article = page(
        lead(f"<p>x{cite('c')} y{cite('a', 'c')} z{cite('b', 'a')}{cite('d', 'c')} {cite('e')}.</p>"),
        works="abcde",
    )

    assert marks(article) == ["[1]", "[1,2]", "[1–5]"]
    assert [entry.text for entry in article.xpath("//ol/li")] == [f"Work {key}. " for key in "cabde"]
    assert article.xpath("//sup/@id") == ["cite-1", "cite-2", "cite-3"]
    assert article.xpath("//sup[3]/a/@href") == ["#ref-1", "#ref-5"]
    assert article.xpath("//sup[3]/a/@aria-label") == ["Reference 1", "Reference 5"]


def test_the_markup_of_a_cluster_is_as_agreed():
    body = f"<p>{cite('a', 'b', 'c', 'd', 'e')}</p><p>So{cite('a', 'c', 'd', 'e')}.</p>"

    assert (
        '<p>So<sup class="citation" id="cite-2">[<a href="#ref-1" aria-label="Reference 1">1</a>,'
        '<a href="#ref-3" aria-label="Reference 3">3</a>–<a href="#ref-5" aria-label="Reference 5">5</a>]</sup>.</p>'
    ) in render(version(lead(body), works="abcde"), "public").html


def test_words_part_clusters():
    assert marks(page(lead(f"<p>x{cite('a')} and {cite('b')}; {cite('a')}</p>"), works="ab")) == ["[1]", "[2]", "[1]"]


def test_captions_and_cells_are_numbered_in_reading_order():
    rows = row("th", "A", f"B{cite('b')}") + row("td", f"x{cite('c')}", "y")
    article = page(lead(table(rows, caption=f"Title{cite('a')}") + f"<p>{cite('d')}</p>"), works="dcba")

    assert marks(article) == ["[1]", "[2]", "[3]", "[4]"]
    assert article.xpath("//caption")[0].text_content() == "Table 1. Title[1]"


def test_a_reference_leads_back_to_every_cluster_that_cites_it_even_inside_a_range():
    article = page(lead(f"<p>{cite('a')} x {cite('a', 'b', 'c')} x {cite('b', 'b')}</p>"), works="abc")

    backs = [entry.xpath("a[@class='back']/@href") for entry in article.xpath("//section[@id='references']/ol/li")]
    assert backs == [["#cite-1", "#cite-2"], ["#cite-2", "#cite-3"], ["#cite-2"]]
    assert article.xpath("//li[@id='ref-3']/a/@aria-label") == ["Back to citation 2 in the text"]


def test_a_key_without_a_work_is_shown_as_missing():
    article = page(lead(f"<p>x{cite('nil', 'a', 'nil')} y {cite('void')}.</p>"), works="a")

    assert marks(article) == ["[1]", "[citation missing]", "[citation missing]"]
    assert article.xpath("//sup[3]")[0].tail == "."
    assert article.xpath("//sup/@id") == ["cite-1"]


def test_without_citations_there_is_no_list_of_references():
    assert not page(lead(), works="a").xpath("//*[@id='references']")


def test_a_reference_that_is_no_json_is_still_listed():
    content = version(lead(f"<p>{cite('a')}</p>"), references=[{"key": "a", "csl": "{broken"}])

    assert "1. Details of this work are missing. ↩" in visible_text(render(content, "public").html)


bodies = st.lists(
    st.tuples(
        st.sampled_from(
            ["<p>x{} y</p>", "<ul><li>{}</li></ul>", "<h3>h{}</h3>", table(row("td", "a", "b{}"), caption="c")]
        ),
        st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=5),
    ),
    max_size=4,
)


@settings(deadline=None)
@given(st.lists(bodies, max_size=4), st.integers(0, 3))
def test_every_cited_key_has_one_number_and_numbers_follow_first_use(sections, where):
    made = [
        section(str(index), body="".join(block.format(cite(*keys)) for block, keys in blocks) + "<p>.</p>")
        for index, blocks in enumerate(sections)
    ]
    order = list(range(len(made)))
    if where < len(made):
        made[where]["role"] = "lead"
        order.insert(0, order.pop(where))
    used = dict.fromkeys(key for index in order for _, keys in sections[index] for key in keys if key != "h")

    article = page(*made, works="abcdefg")

    assert article.xpath("//section[@id='references']/ol/li/@id") == [f"ref-{n + 1}" for n in range(len(used))]
    printed = article.xpath("//section[@id='references']/ol/li")
    assert [entry.text.strip() for entry in printed] == [f"Work {key}." for key in used]
    firsts = [int(entry.xpath("a[@class='back']/@href")[0].removeprefix("#cite-")) for entry in printed]
    assert firsts == sorted(firsts)


def test_works_cited_for_other_audiences_do_not_appear():
    content = version(section(body=f"<p>x{cite('b')}</p>", carer=wording(f"<p>y{cite('a')}</p>")), works="ab")

    public, carer = (visible_text(render(content, audience).html) for audience in ("public", "carer"))
    assert "1. Work b." in public
    assert "Work a" not in public
    assert "1. Work a." in carer
    assert "Work b" not in carer
