"""What the database itself refuses, whatever the door."""

import pytest

pytest.register_assert_rewrite("tests.reviews.triggers.attacks")
