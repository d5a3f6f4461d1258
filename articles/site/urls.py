from django.urls import path, re_path

from articles.site import article_pages, searching
from articles.site.forms import asking, audience, opinions, reporting, status
from articles.site.lists import articles as lists
from articles.site.lists import glossary, notices
from articles.site.machines import citations, fixed_files, llms
from articles.site.machines.feeds import atom as feeds
from articles.site.machines.feeds import sitemaps
from articles.site.machines.files import whole
from articles.site.machines.files.html import page as saved_page
from articles.site.machines.files.markdown import page as markdown_page
from articles.site.machines.files.pdf import page as pdf_page
from articles.site.versions import pages, pictures

PAGE = "articles/<slug:slug>/versions/<int:number>/for/<slug:audience>/"  # what a reader read

urlpatterns = [
    path("", lists.home, name="home"),
    path("articles/", lists.articles, name="articles"),
    path("articles/<slug:slug>/", article_pages.article, name="article"),
    path("articles/<slug:slug>/for/<slug:audience>/", article_pages.article_for, name="article_for"),
    path("articles/<slug:slug>/for/<slug:audience>.md", markdown_page.markdown, name="article_markdown"),
    path("articles/<slug:slug>/for/<slug:audience>.html", saved_page.saved, name="article_saved"),
    path("articles/<slug:slug>/for/<slug:audience>.pdf", pdf_page.pdf, name="article_pdf"),
    path("articles/<slug:slug>/changes/", pages.choose, name="choose_comparison"),
    path("articles/<slug:slug>/versions/", pages.versions, name="versions"),
    path("articles/<slug:slug>/versions/<int:number>/", article_pages.version, name="version"),
    path("articles/<slug:slug>/versions/<int:number>/changes/", pages.changes, name="changes"),
    path("articles/<slug:slug>/versions/<int:earlier>...<int:number>/", pages.comparison, name="comparison"),
    path(
        "articles/<slug:slug>/versions/<int:earlier>...<int:number>/for/<slug:audience>/",
        pages.comparison,
        name="comparison_for",
    ),
    path("articles/<slug:slug>/versions/<int:number>/signed", article_pages.signed, name="signed"),
    path("articles/<slug:slug>/versions/<int:number>/article.<slug:form>", whole.whole, name="version_file"),
    path("articles/<slug:slug>/versions/<int:number>/cite/", citations.cite, name="cite"),
    path("articles/<slug:slug>/versions/<int:number>/cite.<slug:form>", citations.citation, name="citation"),
    path(
        "articles/<slug:slug>/versions/<int:number>/references.<slug:form>",
        citations.references,
        name="references_file",
    ),
    path(f"{PAGE}helpful/", opinions.helpful, name="helpful"),
    path(f"{PAGE}report/", reporting.report, name="report_error"),
    path("articles/<slug:slug>/for/<slug:audience>/ask/", asking.ask, name="ask"),
    path("audience/", audience.audience, name="audience"),
    path("editorial-policy/", lists.editorial_policy, name="editorial_policy"),
    re_path(r"^figures/(?P<digest>[0-9a-f]{64})\.(?P<ending>[a-z]{3,4})$", pictures.picture, name="picture"),
    path("glossary/", glossary.glossary, name="glossary"),
    path("feed/", feeds.feed, name="feed"),
    path("llms.txt", llms.llms, name="llms"),
    path("notices/", notices.notices, name="public_notices"),
    path("notices/feed/", feeds.notices_feed, name="notices_feed"),
    path("notices/<int:pk>/", notices.notice, name="public_notice"),
    path("notices/<slug:kind>/", notices.notices, name="public_notices_of"),
    path("questions/<str:token>/", status.status, name="question_status"),
    path("questions/<str:text>/answers/<slug:slug>/<slug:audience>/", asking.answers, name="answers"),
    path("questions/<str:token>/deletion/", status.delete, name="delete_question"),
    path("reports/<str:token>/", reporting.status, name="report_status"),
    path("reports/<str:token>/deletion/", reporting.delete, name="delete_report"),
    path(".well-known/security.txt", fixed_files.security, name="security"),
    path("favicon.ico", fixed_files.icon, name="icon"),
    path("robots.txt", fixed_files.robots, name="robots"),
    path("search/", searching.results, name="search"),
    path("search/suggest", searching.suggest, name="search_suggestions"),
    path("sitemap.xml", sitemaps.sitemaps, name="sitemap"),
    path("sitemap-<slug:section>.xml", sitemaps.sitemap, name="sitemap_of"),
    path("topics/", lists.topics, name="topics"),
    path("topics/<slug:slug>/", lists.topic, name="topic"),
    path("topics/<slug:slug>/feed/", feeds.topic_feed, name="topic_feed"),
]
