from django.urls import path

from reviews.site import views

urlpatterns = [
    path("board/", views.board, name="board"),
    path("ledger/", views.ledger, name="ledger"),
]
