"""What all exceptions of pysys share: `SyscallError`, and the refusal that is not an errno."""

from __future__ import annotations

import errno as _errno
import os

from pysys.doc import PageDoc
from pysys.loading import NotLoadedError, counted, load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, ClassVar

    from pysys.diagnosis.failures.finding import Diagnosis
    from pysys.metadata.model import Cause

_UNSET = 0  # no errno has this number
_NOTES_AT_MOST = 8  # a traceback is not a manual: explain() shows them all
_UNREAD = "the causes cannot be read any more; pysys.preload() reads them before a process shuts itself in"
_DIAGNOSIS = "pysys.diagnosis.failures"  # which stands above calls: an exception only hands over to it
MAX_ERRNO = 4095  # of the kernel: a result from -4095 to -1 is an error; no errno has this number


class _Abi:
    """The ABI's name, looked up when first asked for: it lives in the extension."""

    def __get__(self, exc: SyscallError | None, owner: type | None = None) -> Any:
        if exc is None:
            return self
        try:
            name = load("pysys.abi").current().name
        except Exception:  # no extension, or no file can be opened any more
            return "unknown"
        return exc.__dict__.setdefault("abi", name)


class _Notes:
    """Causes as notes, computed when a traceback is printed: raising costs nothing.

    Not a data descriptor: once computed, the list in the instance's dictionary is the attribute,
    so `add_note()` appends to it, and a copy or a pickle carries it and computes nothing again.
    """

    def __get__(self, exc: SyscallError | None, owner: type | None = None) -> Any:
        if exc is None:
            return self
        notes = exc._notes()
        if not notes:
            raise AttributeError("__notes__")  # as in an exception without notes
        return exc.__dict__.setdefault("__notes__", notes)


class SyscallError(OSError):
    """A system call failed, and this is why.

    Attributes, besides those of OSError (`errno`, `strerror`):

    - `filename`, `filename2`: the paths that the call was made with, or None;
    - `symbol`, `number`: the errno's name and its number on this ABI, also on the class;
    - `syscall`: the call that failed, by its name, or None;
    - `abi`: the ABI it was made on, "x86_64";
    - `step`: the step of `spawn()` or `exec_in_place()` that failed, or None;
    - `element`: which of several the step was about (the 5 of fds={5: 99}), or None;
    - `changed`: of `exec_in_place()`, the parameters whose steps this process has made before, in their
      order; otherwise None;
    - `arguments`: what the call was made with, by the kernel's names of its parameters, or None;
    - `process`, `thread`: the ids of those that made the call, or None;
    - `causes`: what the reference knows about this errno from this call.

    `SyscallError()`, `SyscallError(text)`, `SyscallError(errno)` and OSError's own
    `SyscallError(errno, text, filename, None, filename2)` construct one, with no arguments kept;
    `errors.error()` picks the class by the number. Two are equal when they report the same failure:
    same class, errno, call, file names, step and ABI.
    """

    symbol: ClassVar[str | None] = None
    number: ClassVar[int | None] = None
    syscall: str | None
    step: str | None = None
    element: object = None
    changed: tuple[str, ...] | None = None
    # The ids of process and thread; then the arguments by name, or None. Of what C has made: what knows the
    # names of the call's parameters, and then each argument.
    _kept: tuple[Any, ...] = (None, None, None)

    # What the descriptors give; how they do it is not the type checker's business.
    if TYPE_CHECKING:
        abi: str
        __notes__: list[str]
    else:
        abi = _Abi()
        __notes__ = _Notes()

    def __init_subclass__(cls, *, number: int | None = _UNSET) -> None:
        """Give an errno's class its number: the standard library's, unless stated here.

        None says that the errno exists, but not on this ABI.
        """
        super().__init_subclass__()
        if number == _UNSET:
            number = getattr(_errno, cls.__name__, _UNSET)
        if number != _UNSET:
            cls.symbol = cls.__name__
            cls.number = number
            cls.__doc__ = PageDoc(cls.__doc__ or "", cls.__name__)  # help() adds the calls that give it

    def __init__(
        self,
        *args: object,
        syscall: str | None = None,
        filename: object = None,
        filename2: object = None,
        step: str | None = None,
    ) -> None:
        number: object = self.number
        text: object = None
        if len(args) == 1:
            if isinstance(args[0], int):
                number = args[0]
            else:
                text = args[0]
        elif args:
            number, text, *rest = args
            if rest:  # filename, winerror (ignored), filename2: the order of OSError
                filename = rest[0]
            if len(rest) > 2:
                filename2 = rest[2]
        if text is None:
            text = self._strerror(number)
        if number is None and text is None:
            super().__init__()
        else:
            paths = () if filename is None else (filename, None, filename2)
            super().__init__(number, text, *paths)
        self.syscall = syscall
        if step is not None:
            self.step = step

    @classmethod
    def _strerror(cls, number: object) -> str | None:
        """The C library's text for the number, or the docstring's where it has none."""
        text = os.strerror(number) if isinstance(number, int) else None
        if cls.symbol is None or number != cls.number or number in _errno.errorcode:
            return text
        # What the library says of a number it does not know, in whatever language it says it.
        unknown = os.strerror(MAX_ERRNO).replace(str(MAX_ERRNO), str(number))
        if cls.__doc__ and text in (None, unknown):
            return cls.__doc__.partition("\n")[0].partition(": ")[2].removesuffix(".")
        return text

    @property
    def arguments(self) -> dict[str, Any] | None:
        """What the call was made with, by the kernel's names: numbers, texts, None, `errors.PassedMemory`.

        Of memory it is the length, and of a structure the fields that are numbers; never what a buffer
        contains. A new dict each time. None where nothing was kept, and where the names cannot be found any
        more. A copy and a pickle have it, too.
        """
        kept = self._kept[2]
        if kept is None:
            return None
        if isinstance(kept, dict):
            return dict(kept)
        try:
            names = kept(self.syscall)
            found: dict[str, Any] | None = load("pysys.errors.arguments").named(names, self._kept[3:])
        except NotLoadedError:
            return None
        return found

    @property
    def process(self) -> int | None:
        """The id of the process that made the call, or None."""
        found: int | None = self._kept[0]
        return found

    @property
    def thread(self) -> int | None:
        """The id of the thread that made the call (gettid), or None; None if a child of spawn() made it."""
        found: int | None = self._kept[1]
        return found

    @property
    def causes(self) -> tuple[Cause, ...]:
        """What the reference says of this errno from this call: `.when`, and where to `.look`.

        Without those that the arguments exclude, or spawn's step: metadata.causes() has them all.
        Empty where it says nothing, and where it cannot be read any more: pysys.preload() reads it before.
        Never raises: a broken page must not hide an errno.
        """
        return self._causes() or ()

    def _causes(self) -> tuple[Cause, ...] | None:
        """The causes; None where the reference is out of reach."""
        if self.syscall is None or self.symbol is None:
            return ()
        try:
            from pysys import metadata  # by the public module, which loads it

            found = metadata.causes(self.syscall, self.symbol)
            if not any(cause.only for cause in found):
                return tuple(found)
            possible = load("pysys.metadata.conditions").possible
            arguments = self.arguments or {}
            return tuple(cause for cause in found if possible(cause.only, arguments, self.step))
        except NotLoadedError:
            return None
        except Exception:  # no page, or a broken one
            return ()

    def explain(self) -> str:
        """What the errno means, in full, and what makes this call give it.

        Returns a str of several lines. Never raises: without the reference it says how to have it.
        """
        parts = [str(self)]
        if self.symbol is not None and self.__doc__:
            parts.append("\n".join(line.strip() for line in self.__doc__.strip().splitlines()))
        causes = self._causes()
        if causes is None:
            parts.append(f"What makes {self.syscall} give {self.symbol}: {_UNREAD}.")
        elif causes:
            lines = [f"What makes {self.syscall} give {self.symbol}:"]
            for cause in causes:
                lines.append("- " + _one_line(cause.when))
                if cause.look:
                    lines.append("  Look at: " + _one_line(cause.look))
            parts.append("\n".join(lines))
        return "\n\n".join(parts)

    def diagnose(self) -> Diagnosis:
        """Find out why the call failed, here and now: what its paths, descriptors and limits are.

        As pysys.diagnose() does, with the arguments that the exception has kept. It wants to be called where
        the call was made, soon after: elsewhere it says so, and proves nothing (another thread), or looks at
        nothing (another process).

        Returns a Diagnosis: a tuple of findings, the likeliest first. Raises errors.NotLoadedError where
        pysys.diagnosis cannot be loaded: without the extension, and in a process that has shut itself in
        without pysys.preload().
        """
        diagnosis = load(_DIAGNOSIS, "what diagnoses calls (pysys.diagnosis)")
        found: Diagnosis = diagnosis.of_exception(self)
        return found

    def _notes(self) -> list[str]:
        notes = []
        causes = self._causes()
        if causes is None:
            return [f"{self.symbol}: {_UNREAD}."]
        for cause in causes[:_NOTES_AT_MOST]:
            note = f"{self.symbol}: {_one_line(cause.when)}"
            notes.append(f"{note} Look at: {_one_line(cause.look)}" if cause.look else note)
        if more := len(causes[_NOTES_AT_MOST:]):
            notes.append(f"{self.symbol}: {counted(more, 'more cause')}: see the exception's explain().")
        return notes

    def __str__(self) -> str:
        if self.errno is None and self.strerror is None:
            return super().__str__()
        words = [] if self.errno is None else [f"[Errno {self.errno}]"]
        if self.symbol is not None:
            words.append(self.symbol)
        if self.syscall is not None:
            words.append(f"from {self.syscall}")
        if self.step is not None:
            element = "" if self.element is None else f"[{self.element!r}]"
            function = "spawn" if self.changed is None else "exec_in_place"
            words.append(f"(step {self.step}{element} of {function})")
        if self.symbol is None and self.syscall is None and self.step is None:
            text = " ".join([*words, str(self.strerror)])  # as OSError has it
        else:
            text = f"{' '.join(words)}: {self.strerror}"
        if self.filename is not None:
            text += f": {self.filename!r}"
        if self.filename2 is not None:
            text += f" -> {self.filename2!r}"
        return text

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, SyscallError) or type(self) is not type(other):
            return NotImplemented
        return self._failure() == other._failure() and self.abi == other.abi

    def __hash__(self) -> int:
        # Without the file names, which need not be hashable.
        return hash((type(self), self.errno, self.syscall, self.step))

    def _failure(self) -> tuple[object, ...]:
        return (self.errno, self.syscall, self.step, self.filename, self.filename2)

    def __reduce__(self) -> tuple[Any, ...]:
        args = (self.errno, self.strerror, self.filename, None, self.filename2)
        # The number is this ABI's, which may not be that of the process that unpickles it.
        state = {**self.__dict__, "abi": self.abi, "_kept": (self.process, self.thread, self.arguments)}
        if "__notes__" in state:
            state["__notes__"] = list(state["__notes__"])  # a copy's notes are its own
        return type(self), args, state


def put_first(error: SyscallError, reason: str) -> None:
    """Add a reason that is known as a note before the causes that are only possible."""
    error.add_note(reason)
    error.__notes__.insert(0, error.__notes__.pop())


def _one_line(text: str) -> str:
    return " ".join(text.split())


class RefusedError(ValueError):
    """A call that pysys will not make, because it would corrupt this process; says why.

    There is no errno: the kernel was not asked.

    reason: the message, with what to use instead.
    syscall: the call's name, or None; also an attribute.
    """

    def __init__(self, reason: str, *, syscall: str | None = None) -> None:
        super().__init__(reason)
        self.syscall = syscall
