"""
What guards each field of articles, reviews and accounts, so that no change past the site goes unseen.

A new field needs a place here: `test_guards.py` compares the table with the models, and tries what it says.
"""

EVIDENCE = "its row's digest is in the event that wrote it"
SETTING = "the row's salted digest is in the event of each change"
REPLAY = "it follows from the events"
CHAIN = "the ledger itself: hash, signature, checkpoint"
FROZEN = "frozen in each version, under the digest that is signed; until then a draft, which readers do not see"
PICTURE = "`verify_ledger` compares the bytes with the SHA-256 that each version has of the pictures it shows"
LISTED = "`verify_ledger` compares all of them with the digest that the event of the list has"
FINDS = "no reader sees it: it only helps to find a text, which is then read from the version itself"
INDEX = "made from the signed texts, and compared with them by `search_index --check`"

GUARDS = {
    # what readers see beside the texts, and who may sign
    "articles.Topic": {SETTING: "name slug parent"},
    "articles.GlossaryTerm": {SETTING: "word forms definition language"},
    "articles.Audience": {SETTING: "key label position"},
    "articles.Contributor": {SETTING: "user name credentials orcid bio"},
    "articles.Slug": {SETTING: "article slug"},
    "auth.User": {
        SETTING: "username first_name last_name email password is_active is_staff is_superuser",
        "it changes with each sign-in and decides nothing": "last_login",
        "nobody is shown it and it decides nothing": "date_joined",
    },
    "auth.User_groups": {REPLAY: "user group"},
    "auth.Group": {REPLAY: "name"},
    "auth.Permission": {"permissions open nothing": "name content_type codename"},
    "auth.Group_permissions": {"permissions open nothing": "group permission"},
    "auth.User_user_permissions": {"permissions open nothing": "user permission"},
    # drafts
    "articles.Article": {
        SETTING: "slug",
        REPLAY: "public_id latest_version published_version last_reviewed next_review_due",
        FROZEN: "kind title language written_for risk ai_use ai_note evidence_current_to translation_of",
        "a writer: frozen in Version.writers": "created_by imported_by",
        "nobody is shown it and it decides nothing": "created_at",
    },
    "articles.ArticleTopic": {FROZEN: "article topic"},
    "articles.Authorship": {FROZEN: "article contributor role position"},
    "articles.Section": {FROZEN: "article key role heading body position topic"},
    "articles.Wording": {FROZEN: "section audience heading body"},
    "articles.ArticleReference": {FROZEN: "article key reference although_retracted"},
    "articles.Figure": {
        FROZEN: "article key picture alt caption source licence",
        "such a figure has no alternative text, which is frozen": "decorative",
    },
    "articles.Picture": {FROZEN: "sha256 media_type width height"},
    "articles.PictureFile": {
        FROZEN: "picture width height",
        PICTURE: "sha256 data",
    },
    "articles.Reference": {
        SETTING: "csl",
        "an index of what csl says": "doi pmid title_key",
        "where the works of drafts were moved to: signed texts keep their own words": "merged_into",
    },
    "articles.LastImport": {"no reader sees it: an update compares with it": "article text"},
    "articles.Autosave": {"no reader sees it: it is offered to who typed it": "article user page part fields kept_at"},
    # other names, by which texts are found and which no page shows
    "articles.SynonymGroup": {FINDS: "names"},
    "articles.ArticleName": {FINDS: "article name"},
    # the search index: no more than a way to a text that is then read from the version itself
    "articles.Passage": {INDEX: "version part section readers heading position terms facets"},
    "articles.Meaning": {"no reader sees it: it only puts answers in an order": "passage encoder vector"},
    "articles.Term": {INDEX: "term passages"},
    "articles.Postings": {INDEX: "data"},
    "articles.SearchIndex": {INDEX: "analyzer next_passage passages new_from"},
    # evidence
    "articles.Version": {
        EVIDENCE: "article number change note kind title language risk written_for translation_of digest writers "
        "submitted_by submitted_by_name submitted_at"
    },
    "articles.VersionText": {EVIDENCE: "version text"},
    "articles.VersionTopic": {EVIDENCE: "version topic name"},
    "articles.VersionReference": {EVIDENCE: "version key reference csl_text"},
    "articles.VersionPicture": {EVIDENCE: "version sha256"},
    "articles.RetractionSnapshot": {EVIDENCE: "name as_of sha256 rows entries digest loaded_at"},
    "articles.Retraction": {LISTED: "identifier standing day record notice reasons"},
    "articles.Disclaimer": {EVIDENCE: "audience number text issued_by issued_by_name issued_at"},
    "articles.DisclaimerConfirmation": {EVIDENCE: "disclaimer confirmed_by confirmed_by_name confirmed_at"},
    "articles.Notice": {EVIDENCE: "article kind reason lifts issued_by issued_by_name issued_at"},
    "articles.NoticeVersion": {EVIDENCE: "notice version"},
    "reviews.Review": {
        EVIDENCE: "version article status change risk triaged_by quorum approvals_needed open_review submitted_at "
        "approved_at ended_at end_reason published_at urgent_days full_review_due urgent_because urgent_by "
        "urgent_by_name completed_at sections attest_references"
    },
    "reviews.Assignment": {
        EVIDENCE: "review reviewer reviewer_name capacity assigned_by assigned_at due accepted_at ended_at ended_as "
        "end_reason declined_because suggestion"
    },
    "reviews.Signature": {
        EVIDENCE: "signer printed_name credentials capacity meaning statement version digest signed_at "
        "authenticated_by assertion disclosed"
    },
    "reviews.Decision": {EVIDENCE: "review assignment outcome reason signature supersedes decided_at sections"},
    "reviews.Answer": {EVIDENCE: "decision item question answer note"},
    "reviews.Attestation": {EVIDENCE: "version signature quorum counted last_reviewed next_review_due attested_at"},
    "reviews.Comment": {
        EVIDENCE: "article version kind thread author author_name text suggestion taken_at taken_by taken_by_name "
        "blocking board_only written_at assignee assignee_name resolved_at resolved_by resolved_by_name "
        "resolution disposition"
    },
    "reviews.CommentAnchor": {EVIDENCE: "comment version audience section_key exact prefix suffix start end state"},
    "reviews.Schedule": {
        EVIDENCE: "article version publish_at scheduled_by scheduled_by_name scheduled_at closed_at outcome reason"
    },
    "reviews.BoardMember": {
        EVIDENCE: "user capacities credential_checked_on credential_checked_by credential_valid_until"
    },
    "reviews.Specialty": {EVIDENCE: "member topic"},
    "reviews.Disclosure": {EVIDENCE: "member made_on valid_until none_declared statement"},
    "reviews.Interest": {EVIDENCE: "disclosure entity relation detail since until"},
    "reviews.ManagementPlan": {
        EVIDENCE: "review reviewer reviewer_name interests reason measures recorded_by recorded_by_name recorded_at"
    },
    "reviews.Override": {
        EVIDENCE: "article rule fingerprint section audience part excerpt sentence ruleset reason statement signer "
        "printed_name signed_at authenticated_by takes_back"
    },
    "reviews.Conflict": {EVIDENCE: "disclosure topic interest"},
    "reviews.Quorum": {
        EVIDENCE: "kind risk clinical specialist pharmacist open_review urgent_days by_section attest_references"
    },
    # the ledger
    "reviews.LedgerEvent": {
        CHAIN: "position ledger_id at action article actor payload private_commitment previous_hash key_id hash "
        "signature"
    },
    "reviews.LedgerPrivate": {CHAIN: "event salt text"},
    "reviews.LedgerHead": {CHAIN: "position ledger_id hash key_id frontier"},
    "reviews.Checkpoint": {CHAIN: "size ledger_id root note"},
    # work in hand
    "articles.Question": {
        "a reader's words, deleted after a time": "version audience text asked_at delete_after token_digest",
        "what an editor told the reader, deleted with the question": "state reason answer_version answer_section "
        "answer_audience article merged_into settled_by settled_at",
    },
    "articles.SentForm": {"it refuses a form that was sent before; nobody sees it": "token_digest delete_after"},
    "articles.ErrorReport": {
        "a reader's words, deleted after a time": "version audience section text thought reported_at delete_after "
        "token_digest",
        "what editors did with it, deleted with it": "severity state reply corrected_in merged_into settled_by "
        "settled_at",
    },
    "articles.ReportStep": {"what editors did with a report, deleted with it": "report sentence reply by at"},
    "articles.Helpfulness": {"a count for the staff, which no reader sees": "version audience yes no"},
    "articles.RedFlag": {"it shows a panel beside a question, and no text": "name language phrases advice position"},
    "articles.Feedback": {
        "a reader's words, deleted after a time": "version audience helpful text given_at delete_after"
    },
    "reviews.Task": {
        "a reminder of what the evidence shows anyway": "article version role assignee text opened_at due closed_at "
        "closed_by outcome"
    },
    "reviews.Reminder": {"a mail that was sent": "kind assignment article member due sent_at"},
    "reviews.Opening": {"an approval says what its signer opened": "user version audience since opened_at"},
    "reviews.Digest": {"a mail that was sent": "recipient day mailed_at"},
    "reviews.Message": {
        "what a person was told, deleted after a time": "recipient job subject body page at_once inbox_only sent_at "
        "mailed_at failure digest read_at"
    },
    "reviews.CalendarAddress": {"where a person's own calendar finds their due dates": "user token_digest made_at"},
    "reviews.MailPreference": {"how a person likes to be emailed": "user emails"},
    "reviews.Dossier": {
        "who asked for a copy of what is proved": "article requested_by requested_by_name requested_at language "
        "done total made_at sha256 size failure"
    },
    "reviews.DossierPart": {"a copy that its own signature proves": "dossier number content"},
    "reviews.SavedView": {"how an editor likes to see the queue": "user name address"},
    "reviews.Absence": {"whom editors are shown, of which no approval depends": "member first_day last_day"},
    "reviews.Availability": {"whom editors are shown, of which no approval depends": "member at_once"},
    "reviews.DraftAnswer": {"answers before they are signed": "user version item answer note"},
    "reviews.ReadChange": {"ticks, of which nothing follows": "user version since change read_at"},
    "reviews.SecurityRecord": {"wrong passwords, deleted when the right one follows": "kind user at device"},
}


def fields_of(guard: str) -> list[tuple[str, str]]:
    """Return the model and name of each field with this guard."""
    return [(label, name) for label, guards in GUARDS.items() for name in guards.get(guard, "").split()]
