from django.urls import path

from reviews.site import operator, views

urlpatterns = [
    path("board/", views.board, name="board"),
    path("ledger/", views.ledger, name="ledger"),
    path("healthz", operator.healthz, name="healthz"),
    path("metrics", operator.figures, name="metrics"),
]
