from django.urls import path

from articles.site import audience, following, reading, searching, views

urlpatterns = [
    path("", views.home, name="home"),
    path("articles/", views.articles, name="articles"),
    path("articles/<slug:slug>/", reading.article, name="article"),
    path("articles/<slug:slug>/for/<slug:audience>/", reading.article_for, name="article_for"),
    path("articles/<slug:slug>/versions/", reading.versions, name="versions"),
    path("articles/<slug:slug>/versions/<int:number>/", reading.version, name="version"),
    path("articles/<slug:slug>/versions/<int:number>/changes/", reading.changes, name="changes"),
    path("articles/<slug:slug>/versions/<int:number>/signed", reading.signed, name="signed"),
    path("audience/", audience.audience, name="audience"),
    path("editorial-policy/", views.editorial_policy, name="editorial_policy"),
    path("feed/", following.feed, name="feed"),
    path("robots.txt", following.robots, name="robots"),
    path("search/", searching.results, name="search"),
    path("sitemap.xml", following.sitemaps, name="sitemap"),
    path("sitemap-<slug:section>.xml", following.sitemap, name="sitemap_of"),
    path("topics/", views.topics, name="topics"),
    path("topics/<slug:slug>/", views.topic, name="topic"),
]
