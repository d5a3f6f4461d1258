"""A redline loses nothing, invents nothing, and never lets a dose slip into another row."""

import pytest

pytest.register_assert_rewrite("tests.articles.redline.reading")
