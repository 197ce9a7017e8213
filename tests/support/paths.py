"""Where the project's files are."""

from pathlib import Path

SUPPORT = Path(__file__).resolve().parent
TESTS = SUPPORT.parent
PROJECT = TESTS.parent
