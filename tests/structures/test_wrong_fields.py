"""Every field of every structure, with values that it cannot have: refused by its name, in our words."""

from __future__ import annotations

import pytest
from wrong_arguments import complaint, nowhere

from pysys import structures
from pysys.structures.build import names

# By what a field takes, what of tests/support/wrong_arguments it does take.
TAKEN = {
    "int": set[str](),
    "Address": {"2**63"},
    "Buffer": set[str](),
    "Buffer | str": {"'a\\0b'"},  # names of abstract sockets begin with a null byte
    "Iterable[int]": set[str](),
    "dict": set[str](),
}
MORE: dict[str, dict[str, object]] = {
    "int": {"text": "5", "bytes": b"5", "None": None, "a list": [1]},
    "Address": {"text": "5"},
    "Buffer": {"an int": 5, "text": "text", "too much": bytes(1 << 20)},
    "Buffer | str": {"an int": 5, "too much": bytes(1 << 20)},
    "Iterable[int]": {"an int": 5, "text": "text", "too many": [0] * 10000, "[-2**63-1]": [-(1 << 63) - 1]},
    "dict": {"an int": 5, "text": "text", "another structure": structures.timespec()},
}


def _kind(writes: str) -> str:
    return writes if writes in TAKEN else "dict"


@pytest.mark.parametrize("name", sorted(names()))
def test_fields(name: str) -> None:
    """A value that does not fit a field is an error that names the structure and the field."""
    kind = getattr(structures, name)
    faults = []
    for field in structures.describe(name):
        for said, value in (nowhere() | MORE[_kind(field.writes)]).items():
            if said in TAKEN[_kind(field.writes)]:
                continue
            made = kind()
            if type(value) is structures.timespec and "timespec" in field.writes:
                continue
            try:
                setattr(made, field.name, value)
            except Exception as error:
                found = complaint(error, rf"{name}\.{field.name}|\w+\.\w+|\w+ has no field")
            else:
                found = "taken"
            if found:
                faults.append(f"{name}.{field.name}={said} [{field.writes}]: {found}")
    assert not faults, "\n".join(faults)
