from django.urls import path

from reviews.site import calendar_feed, ledger_files, monitoring, proofs, views

urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/<int:person>/", views.board_member, name="board_member"),
    path("ledger/", views.ledger, name="ledger"),
    path("ledger/checkpoint", ledger_files.newest_checkpoint, name="ledger_newest_checkpoint"),
    path("ledger/checkpoint/<int:size>", ledger_files.checkpoint_at, name="ledger_checkpoint_at"),
    path("ledger/checkpoint/<int:size>-<slug:root>", ledger_files.checkpoint, name="ledger_checkpoint"),
    path("ledger/export", ledger_files.newest_export, name="ledger_newest_export"),
    path("ledger/export/<int:size>", ledger_files.export_at, name="ledger_export_at"),
    path("ledger/export/<int:size>-<slug:root>", ledger_files.export, name="ledger_export"),
    path("ledger/verifier", ledger_files.verifier, name="ledger_verifier"),
    path("articles/<slug:slug>/proof/", proofs.proof, name="proof"),
    path("articles/<slug:slug>/proof.json", proofs.proof_file, name="proof_file"),
    path("articles/<slug:slug>/versions/<int:number>/proof/", proofs.version_proof, name="version_proof"),
    path("articles/<slug:slug>/versions/<int:number>/proof.json", proofs.version_proof_file, name="version_proof_file"),
    path(
        "articles/<slug:slug>/versions/<int:number>/proof-<int:size>.json",
        proofs.version_proof_at,
        name="version_proof_at",
    ),
    path("calendar/<str:token>.ics", calendar_feed.calendar_feed, name="calendar_feed"),
    path("healthz", monitoring.healthz, name="healthz"),
    path("metrics", monitoring.show_metrics, name="metrics"),
]
