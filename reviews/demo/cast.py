"""The people of the demonstration. Every name is marked as a sample; every password is `demo`."""

import datetime
from dataclasses import dataclass
from typing import TypeVar

from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password
from django.contrib.auth.models import Group, User
from django.db.models import Model
from django.utils import timezone
from django.utils.text import slugify

from articles.models import Contributor, Topic
from articles.models.people import Role
from reviews.models import BoardMember, Capacity, Disclosure, Specialty

PASSWORD = "demo"  # noqa: S105 (the demonstration runs only with DEBUG on)
A_YEAR = datetime.timedelta(days=365)
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True)
class Part:
    """One person of the demonstration, with the capacities and specialties of a board member."""

    username: str
    name: str
    credentials: str
    role: Role
    capacities: tuple[str, ...] = ()
    specialties: tuple[str, ...] = ()


CAST = [
    Part("admin", "Ada Sample (demo)", "", Role.ADMIN),
    Part("author", "Dr Nora Sample (demo)", "MB BS", Role.AUTHOR),
    Part("author2", "Tomas Sample (demo)", "BN, RN", Role.AUTHOR),
    Part("editor", "Edith Sample (demo)", "BA", Role.EDITOR),
    Part("editor2", "Idris Sample (demo)", "MSc", Role.EDITOR),
    Part("reviewer1", "Dr Clara Sample (demo)", "MB BCh, MRCP", Role.REVIEWER, (Capacity.CLINICAL,)),
    Part(
        "reviewer2",
        "Prof Simon Sample (demo)",
        "MD, FRCP",
        Role.REVIEWER,
        (Capacity.CLINICAL, Capacity.SPECIALIST),
        ("Oncology", "Lymphatic system", "Neuroendocrine tumours"),
    ),
    Part("reviewer3", "Dr Mei Sample (demo)", "MBChB, MRCGP", Role.REVIEWER, (Capacity.CLINICAL,)),
    Part("pharmacist", "Petra Sample (demo)", "MPharm", Role.REVIEWER, (Capacity.PHARMACIST,)),
    Part("lay", "Larry Sample (demo)", "", Role.REVIEWER, (Capacity.LAY,)),
]


TOPICS = ("Oncology", "Lymphatic system", "Neuroendocrine tumours", "Surgery", "Editorial policy")


def make_cast() -> dict[str, User]:
    """Create the topics and all accounts with role, public name and board row; return the accounts by username."""
    for name in TOPICS:
        _topic(name)
    people = {part.username: _account(part) for part in CAST}
    admin = people["admin"]
    for part in CAST:
        user = people[part.username]
        changed_by(admin, user)
        user.groups.set([Group.objects.get(name=part.role.group)])
        if part.capacities:
            _add_to_board(user, part, admin)
    return people


def _account(part: Part) -> User:
    is_admin = part.role == Role.ADMIN
    user = User.objects.create(
        username=part.username,
        email=f"{part.username}@example.org",
        password=_quick_hash(),
        is_staff=is_admin,
        is_superuser=is_admin,
    )
    Contributor.objects.create(user=user, name=part.name, credentials=part.credentials)
    return user


def _quick_hash() -> str:
    hasher = get_hasher()
    cost = {"iterations": 1000} if isinstance(hasher, PBKDF2PasswordHasher) else {}
    return hasher.encode(PASSWORD, hasher.salt(), **cost)


def settle_passwords(people: dict[str, User]) -> None:
    """
    Replace the cheap hashes by hashes of the usual cost: else the first sign-in would do so and record a change.

    Every signature in the story checks the password, and a usual hash takes a second on a slow machine. The password
    validators are skipped, because this password is short and publicly known.
    """
    password = make_password(PASSWORD)
    for user in people.values():
        user.password = password
        user.save(update_fields=["password"])


def _add_to_board(user: User, part: Part, admin: User) -> None:
    today = timezone.localdate()
    member = BoardMember(user=user, capacities=list(part.capacities))
    if part.capacities != (Capacity.LAY,):
        member.credential_checked_on, member.credential_checked_by = today, admin
        member.credential_valid_until = today + A_YEAR
    changed_by(admin, member).save()
    disclosure = Disclosure(member=member, made_on=today, valid_until=today + A_YEAR, none_declared=True)
    changed_by(admin, disclosure).save()
    for name in part.specialties:
        changed_by(admin, Specialty(member=member, topic=_topic(name))).save()


def changed_by(person: User, row: Row) -> Row:
    """Name the person who makes the next changes of the row; the ledger and the history record the name."""
    row._history_user = person  # type: ignore[attr-defined]  # read by simple-history
    return row


def _topic(name: str) -> Topic:
    return Topic.objects.get_or_create(name=name, defaults={"slug": slugify(name)})[0]
