"""Amounts: one term for the same mass or volume in whatever unit, so that 1000 mcg and 1 mg are one."""

from decimal import Decimal, InvalidOperation

MICROGRAM, MILLILITER = "μg", "ml"
_UNITS = {
    "kg": "kg", "kilogram": "kg", "kilogramme": "kg", "g": "g", "gram": "g", "gramme": "g", "gm": "g",
    "mg": "mg", "milligram": "mg", "milligramme": "mg",
    "μg": "μg", "ug": "μg", "mcg": "μg", "microgram": "μg", "microgramme": "μg",
    "ng": "ng", "nanogram": "ng", "l": "l", "liter": "l", "dl": "dl", "deciliter": "dl",
    "ml": "ml", "milliliter": "ml", "cc": "ml",
}  # fmt: skip
_SIZES: dict[str, tuple[str, Decimal]] = {
    "kg": (MICROGRAM, Decimal(10) ** 9),
    "g": (MICROGRAM, Decimal(10) ** 6),
    "mg": (MICROGRAM, Decimal(1000)),
    "μg": (MICROGRAM, Decimal(1)),
    "ng": (MICROGRAM, Decimal("0.001")),
    "l": (MILLILITER, Decimal(1000)),
    "dl": (MILLILITER, Decimal(100)),
    "ml": (MILLILITER, Decimal(1)),
}


def unit(word: str) -> str:
    """Return the sign of a unit of mass or volume; the word itself if it is none."""
    return _UNITS.get(word, word)


def is_unit(word: str) -> bool:
    return word in _UNITS


def amount(number: str, of: str) -> str:
    """Return the term of an amount, such as 500000μg for 500 mg; empty if it is no plain number of a known unit."""
    if of not in _UNITS:
        return ""
    base, size = _SIZES[_UNITS[of]]
    try:
        value = Decimal(number) * size
    except InvalidOperation:
        return ""
    plain = format(value, "f")
    return f"{plain.rstrip('0').rstrip('.') if '.' in plain else plain}{base}"
