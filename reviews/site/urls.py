from django.urls import path

from reviews.site import operator, outsiders, views

urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/<int:person>/", views.board_member, name="board_member"),
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/checkpoint", outsiders.newest_checkpoint, name="ledger_newest_checkpoint"),
    path("ledger/checkpoint/<int:size>", outsiders.checkpoint_at, name="ledger_checkpoint_at"),
    path("ledger/checkpoint/<int:size>-<slug:root>", outsiders.checkpoint, name="ledger_checkpoint"),
    path("ledger/export", outsiders.newest_export, name="ledger_newest_export"),
    path("ledger/export/<int:size>", outsiders.export_at, name="ledger_export_at"),
    path("ledger/export/<int:size>-<slug:root>", outsiders.export, name="ledger_export"),
    path("ledger/verifier", outsiders.verifier, name="ledger_verifier"),
    path("healthz", operator.healthz, name="healthz"),
    path("metrics", operator.figures, name="metrics"),
]
