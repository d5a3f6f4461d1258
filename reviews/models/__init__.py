from reviews.models.board import (
    Absence,
    Availability,
    BoardMember,
    Capacity,
    Quorum,
    Specialty,
)
from reviews.models.board.interests import Conflict, Disclosure, Interest
from reviews.models.board.plans import ManagementPlan
from reviews.models.comment import Comment, CommentAnchor
from reviews.models.ledger import Checkpoint, LedgerEvent, LedgerHead, LedgerPrivate
from reviews.models.reading.attestation import Attestation
from reviews.models.reading.dossier import Dossier, DossierPart
from reviews.models.reading.openings import Opening, ReadChange
from reviews.models.reading.override import Override
from reviews.models.reading.worksheet import Answer, AnswerChoice, DraftAnswer
from reviews.models.reminder import CalendarAddress, Digest, MailPreference, Message, Reminder
from reviews.models.review import Assignment, Decision, Review, Signature
from reviews.models.security import SecurityRecord
from reviews.models.task import SavedView, Schedule, Task

__all__ = [
    "Absence",
    "Answer",
    "AnswerChoice",
    "Assignment",
    "Attestation",
    "Availability",
    "BoardMember",
    "CalendarAddress",
    "Capacity",
    "Checkpoint",
    "Comment",
    "CommentAnchor",
    "Conflict",
    "Decision",
    "Digest",
    "Disclosure",
    "Dossier",
    "DossierPart",
    "DraftAnswer",
    "Interest",
    "LedgerEvent",
    "LedgerHead",
    "LedgerPrivate",
    "MailPreference",
    "ManagementPlan",
    "Message",
    "Opening",
    "Override",
    "Quorum",
    "ReadChange",
    "Reminder",
    "Review",
    "SavedView",
    "Schedule",
    "SecurityRecord",
    "Signature",
    "Specialty",
    "Task",
]
