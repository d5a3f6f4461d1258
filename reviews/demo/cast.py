"""The people of the demonstration. Every name says that it is a sample; every password is `demo`."""

import datetime
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import PBKDF2PasswordHasher, get_hasher, make_password
from django.contrib.auth.models import Group
from django.utils import timezone
from django.utils.text import slugify

from articles.models import Contributor, Topic
from articles.models.people import Role
from reviews.models import BoardMember, Capacity, Disclosure, Specialty

PASSWORD = "demo"  # noqa: S105 (the demonstration runs with DEBUG alone)
A_YEAR = datetime.timedelta(days=365)


@dataclass(frozen=True)
class Part:
    """One person of the cast, and where they sit on the board if they do."""

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


def make_cast() -> dict:
    """Make the topics, and all accounts with role, public name and seat on the board; return them by username."""
    for name in TOPICS:
        _topic(name)
    people = {part.username: _account(part) for part in CAST}
    admin = people["admin"]
    for part in CAST:
        user = people[part.username]
        user._history_user = admin
        user.groups.set([Group.objects.get(name=part.role.group)])
        if part.capacities:
            _seat(user, part, admin)
    return people


def _account(part: Part):
    is_admin = part.role == Role.ADMIN
    user = get_user_model().objects.create(
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


def settle_passwords(people: dict):
    """
    Give the accounts a hash of the usual cost, or the first sign-in would renew it and record a changed account.

    While the story is told a cheap one serves: every signature asks for the password, and the usual hash takes a
    second on a slow machine. No validator is asked: this password is as short as it is known.
    """
    password = make_password(PASSWORD)
    for user in people.values():
        user.password = password
        user.save(update_fields=["password"])


def _seat(user, part: Part, admin):
    today = timezone.localdate()
    member = BoardMember(user=user, capacities=list(part.capacities))
    if part.capacities != (Capacity.LAY,):
        member.credential_checked_on, member.credential_checked_by = today, admin
        member.credential_valid_until = today + A_YEAR
    _save(member, admin)
    _save(Disclosure(member=member, made_on=today, valid_until=today + A_YEAR, none_declared=True), admin)
    for name in part.specialties:
        _save(Specialty(member=member, topic=_topic(name)), admin)


def _save(row, admin):
    row._history_user = admin
    row.save()


def _topic(name: str) -> Topic:
    return Topic.objects.get_or_create(name=name, defaults={"slug": slugify(name)})[0]
