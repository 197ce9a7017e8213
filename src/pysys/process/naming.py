"""Messages about arguments that spawn has too, under the name of the function that was called."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType


class Renamed:
    """In `with`: what a message about an argument begins with is replaced.

    spawns: "spawn". name: what stands there instead.
    """

    __slots__ = ("name", "spawns")

    def __init__(self, spawns: str, name: str) -> None:
        self.spawns, self.name = spawns, name

    def __enter__(self) -> None:
        pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not isinstance(error, (TypeError, ValueError, OverflowError, KeyError)) or not error.args:
            return
        text, *more = error.args
        if isinstance(text, str) and text.startswith(self.spawns):
            error.args = (self.name + text[len(self.spawns) :], *more)
