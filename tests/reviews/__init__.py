"""Process and evidence."""

import pytest

pytest.register_assert_rewrite("tests.reviews.asking")
