"""Records, which are named tuples, and what is kept of functions: as the standard library has them."""

from __future__ import annotations

import copy
import inspect
import pickle
import pydoc
import sys
import threading
import typing
from collections.abc import Callable
from typing import Any

import pytest

from pysys.metadata import generated, light, model, overviews, profiles, render
from pysys.metadata.model import Cause, Item

pytestmark = pytest.mark.portable

MODULES = (generated, model, overviews, profiles, render)
RECORDS = list(
    dict.fromkeys(
        kind
        for module in MODULES
        for kind in vars(module).values()
        if isinstance(kind, type) and hasattr(kind, "_fields")
    )
)


def twin(kind: Any) -> Any:
    """The named tuple that a record is to a type checker."""
    made = typing.NamedTuple("made", [(field, Any) for field in kind._fields])  # type: ignore[misc]  # its fields
    made.__name__ = kind.__name__
    made.__new__.__defaults__ = tuple(kind._field_defaults.values())
    return made


def outcome(make: Callable[..., Any], *values: Any, **named: Any) -> Any:
    """What comes of a call: the items, or the type of the error."""
    try:
        return tuple(make(*values, **named))
    except TypeError as error:
        return type(error)


def test_there_are_records() -> None:
    """The classes of the pages are among them."""
    assert {"Cause", "Item", "Rule", "Listing", "Section", "Group"} <= {kind.__name__ for kind in RECORDS}


@pytest.mark.parametrize("kind", RECORDS, ids=[kind.__name__ for kind in RECORDS])
def test_a_record_is_a_named_tuple(kind: Any) -> None:
    """Items by name and by index, constructor, methods, equality, hash, text, copies, pickles."""
    usual = twin(kind)
    values = [f"value {index}" for index in range(len(kind._fields))]
    made, known = kind(*values), usual(*values)
    assert made == known == tuple(values) and made != usual(*values[1:], "")
    assert (hash(made), repr(made)) == (hash(known), repr(known))
    assert [getattr(made, field) for field in kind._fields] == values
    assert made._asdict() == known._asdict()
    assert kind._make(iter(values)) == made
    assert kind(**made._asdict()) == made
    changed = made._replace(**{kind._fields[-1]: "another"})
    assert type(changed) is kind and changed == (*values[:-1], "another")
    assert kind.__match_args__ == usual.__match_args__ == kind._fields
    assert isinstance(made, tuple) and issubclass(kind, tuple) and type(kind) is type
    for one in (copy.copy(made), copy.deepcopy(made), pickle.loads(pickle.dumps(made))):
        assert type(one) is kind and one == made
    if sys.version_info >= (3, 13):
        assert copy.replace(made, **{kind._fields[0]: "another"})[0] == "another"


@pytest.mark.parametrize("kind", RECORDS, ids=[kind.__name__ for kind in RECORDS])
def test_what_a_record_takes(kind: Any) -> None:
    """Every number of values, by position and by name, is taken or refused as a named tuple does."""
    usual, fields = twin(kind), kind._fields
    for count in range(len(fields) + 2):
        values = list(range(count))
        assert outcome(kind, *values) == outcome(usual, *values)
        named = dict.fromkeys(fields[count:], 0)
        assert outcome(kind, *values, **named) == outcome(usual, *values, **named)
        assert outcome(kind, *values, **{**named, fields[0]: 1}) == outcome(
            usual, *values, **{**named, fields[0]: 1}
        )
        assert (
            outcome(kind, *values, **named, other=1) == outcome(usual, *values, **named, other=1) is TypeError
        )
    assert outcome(kind(*fields)._replace, other=1) is TypeError
    assert outcome(kind._make, [0] * (len(fields) + 1)) is TypeError


@pytest.mark.parametrize("kind", RECORDS, ids=[kind.__name__ for kind in RECORDS])
def test_nothing_of_a_record_changes(kind: Any) -> None:
    """Neither what it has nor what it does not have can be set."""
    made = kind(*kind._fields)
    for name in (*kind._fields, "other"):
        with pytest.raises(AttributeError):
            setattr(made, name, 1)
    assert not hasattr(made, "__dict__")


def test_errors_name_the_record() -> None:
    """What is wrong with the values is said with the name."""
    with pytest.raises(TypeError, match="Item takes 2 values, not 3"):
        Item("a", "b", "c")  # type: ignore[call-arg]  # wrong on purpose
    with pytest.raises(TypeError, match="Item needs text"):
        Item("a")  # type: ignore[call-arg]  # wrong on purpose
    with pytest.raises(TypeError, match="Item needs name, text"):
        Item()  # type: ignore[call-arg]  # wrong on purpose
    with pytest.raises(TypeError, match="Item: name is there twice"):
        Item("a", name="b")  # type: ignore[call-arg,misc]  # wrong on purpose
    with pytest.raises(TypeError, match="Item has no title"):
        Item("a", title="b")  # type: ignore[call-arg]  # wrong on purpose


def test_the_signature_of_a_record() -> None:
    """help() and editors see the fields, their types and their defaults."""
    shown = [str(one).replace("'", "") for one in inspect.signature(Cause).parameters.values()]
    assert shown[:3] == ["errno: str", "when: str", "look: str = "]
    assert shown[3:6] == ["provoke: str = ", "needs: tuple[str, ...] = ()", "unproven: str = "]
    assert shown[6:] == ["only: tuple[Condition, ...] = ()"]
    assert "Item 1 of the tuple." in pydoc.plain(pydoc.render_doc(Cause))


def test_patterns() -> None:
    """A record is matched by position and by name."""
    match Item("fd", "A descriptor."):
        case Item(name, text=text):
            assert (name, text) == ("fd", "A descriptor.")


def test_kept_results() -> None:
    """A function is called once for the same arguments, and again after an error or when all is forgotten."""
    asked = []

    @light.cache
    def double(number: int) -> int:
        """Twice as much."""
        asked.append(number)
        if number < 0:
            raise ValueError
        return number * 2

    assert [double(one) for one in (1, 2, 1, 2)] == [2, 4, 2, 4] and asked == [1, 2]
    for _ in range(2):
        with pytest.raises(ValueError, match=r"^$"):
            double(-1)
    assert asked == [1, 2, -1, -1]
    double.cache_clear()
    assert double(1) == 2 and asked[-1] == 1
    assert (double.__name__, double.__doc__, double.__module__) == ("double", "Twice as much.", __name__)
    assert double.__wrapped__(3) == 6


def test_threads_get_one_result() -> None:
    """Where two threads call the function at the same time, one of the results is kept, and both get it."""
    meeting = threading.Barrier(2)

    @light.cache
    def made() -> object:
        meeting.wait(60)
        return object()

    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(made())) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert found[0] is found[1] is made()
