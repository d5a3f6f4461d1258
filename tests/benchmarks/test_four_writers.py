"""
Four processes that take steps on one SQLite file for a minute: none is refused, and none waits long (PROMISES, R28).

Run with: make benchmark (BENCHMARK_SECONDS=60).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = os.environ.get("BENCHMARK_SECONDS", "60")
SET_BY_THE_SUITE = ("DJANGO_SETTINGS_MODULE", "LEDGER_KEY_FILE", "CHECKPOINT_DIR", "TEST_DATABASE_URL", "DATABASE_URL")

pytestmark = [pytest.mark.benchmark]


def test_four_writers():
    environment = {name: value for name, value in os.environ.items() if name not in SET_BY_THE_SUITE}
    words = [sys.executable, "-m", "tests.benchmarks.writers", "--seconds", SECONDS, "--writers", "4"]
    done = subprocess.run(words, cwd=Path(__file__).parents[2], env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    print(
        f"\nsqlite, four writers for {SECONDS} s: {found['steps']:,} steps, median {found['median']:.3f} s, "
        f"99 of 100 within {found['p99']:.3f} s, the longest {found['longest']:.1f} s"
    )
    assert found["wrong"] == []
    assert found["p99"] <= 0.5
    assert found["longest"] < 20
