from django.contrib import admin
from django.urls import include, path

handler403 = "config.errors.permission_denied"
handler500 = "config.errors.server_error"

urlpatterns = [
    path("desk/", include("reviews.desk.urls")),
    path("admin/", admin.site.urls),
    path("", include("articles.site.urls")),
    path("", include("reviews.site.urls")),
]
