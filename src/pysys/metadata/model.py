"""The parts of a page. A page's text comes from its TOML file, its facts from the generated tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pysys.loading import load as load_module
from pysys.metadata import load

if TYPE_CHECKING:
    from collections.abc import Mapping


class Item(NamedTuple):
    """A name and its description: an argument, an operation."""

    name: str
    text: str


class Inherits(NamedTuple):
    """What a new process, or a new program, inherits, and what differs."""

    same: tuple[str, ...]
    differs: tuple[str, ...]


class Substitute(NamedTuple):
    """What stands in for the call where an ABI lacks it."""

    text: str
    replaced_by: str


class Change(NamedTuple):
    """One kernel version that changed the call."""

    version: str
    change: str


class Containers(NamedTuple):
    """What filters do to the call, and which calls must be denied with it for the denial to be effective."""

    text: str
    deny_together: tuple[str, ...]


class Example(NamedTuple):
    """A script, what it prints, and which calls its recorded trace shows."""

    text: str
    python: str
    prints: str
    strace: str
    needs: tuple[str, ...]


class Pitfall(NamedTuple):
    """A common mistake."""

    title: str
    text: str


class Security(NamedTuple):
    """What an attacker gains, what the limits are, and how to watch."""

    text: str
    observe: tuple[str, ...]


class Cause(NamedTuple):
    """One reason why the call gives the errno, and where to look to see whether it applies."""

    errno: str
    when: str
    look: str


class Conforming(NamedTuple):
    """The standards that describe the call."""

    standards: tuple[str, ...]
    text: str


class Related(NamedTuple):
    """Another name worth knowing, and why."""

    name: str
    why: str


class Entry(NamedTuple):
    """The call's number and entry point in one ABI's table."""

    abi: str
    number: int
    entry: str


class Signature(NamedTuple):
    """A definition of the call in the kernel, and the ABIs that it applies to."""

    prototype: str
    abis: tuple[str, ...]


class Page:
    """Everything that the reference knows about one name.

    The text is read from the page's file when it is first needed. A name without a file (`written` is false)
    has only the facts: `numbers`, `signatures`, `since`, `profiles`, `documented`, `see_also`.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._text: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        return f"<pysys.metadata.Page {self.name}({self.section})>"

    def __reduce__(self) -> tuple[type[Page], tuple[str]]:
        return Page, (self.name,)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Page) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def text(self) -> Mapping[str, Any]:
        """The page's file, as read; empty if there is none."""
        if self._text is None:
            self._text = load.text(self.name)
        return self._text

    def _part(self, key: str) -> Mapping[str, Any]:
        part: Mapping[str, Any] = self.text.get(key, {})
        return part

    # From the file.

    @property
    def written(self) -> bool:
        """Whether the page's text exists. The facts exist in any case."""
        return bool(self.text)

    @property
    def section(self) -> int:
        """Section of the manual: 2, the system calls, unless the page says otherwise."""
        section: int = self.text.get("section", 2)
        return section

    @property
    def family(self) -> str:
        """The group of calls that the page belongs to, for example "process"; empty if it is not written."""
        return str(self.text.get("family", ""))

    @property
    def kind(self) -> str:
        """One of call, wrapper, library, overview, removed, never (implemented)."""
        return str(self.text["kind"]) if "kind" in self.text else load.kind(self.name)[0]

    @property
    def summary(self) -> str:
        """One line."""
        return str(self.text["summary"]) if "summary" in self.text else load.kind(self.name)[1]

    @property
    def description(self) -> str:
        """Paragraphs, separated by empty lines; code is in backquotes."""
        return str(self.text.get("description", "")).strip()

    @property
    def arguments(self) -> tuple[Item, ...]:
        """The arguments, named as the kernel names them."""
        return tuple(Item(a["name"], a["text"].strip()) for a in self.text.get("arguments", ()))

    @property
    def operations(self) -> tuple[Item, ...]:
        """The operations of a call that has several (prctl, fcntl, ...)."""
        return tuple(Item(o["name"], o["text"].strip()) for o in self.text.get("operations", ()))

    @property
    def inherits(self) -> Inherits:
        """What stays the same and what differs in the new process or program."""
        part = self._part("inherits")
        return Inherits(tuple(part.get("same", ())), tuple(part.get("differs", ())))

    @property
    def replacement(self) -> Substitute:
        """What replaces the call where it is missing, and what C libraries really issue."""
        part = self._part("mapping")
        return Substitute(part.get("text", "").strip(), part.get("replaced_by", ""))

    @property
    def returns(self) -> str:
        """What the call returns when it succeeds."""
        return str(self._part("returns").get("text", "")).strip()

    @property
    def history(self) -> tuple[Change, ...]:
        """The kernel versions that changed the call, oldest first."""
        return tuple(Change(h["version"], h["change"].strip()) for h in self.text.get("history", ()))

    @property
    def containers(self) -> Containers:
        """Seccomp filters and containers."""
        part = self._part("containers")
        return Containers(part.get("text", "").strip(), tuple(part.get("deny_together", ())))

    @property
    def example(self) -> Example | None:
        """A script that can be run; None if the page is not written."""
        part = self._part("example")
        if not part:
            return None
        return Example(
            part.get("text", "").strip(),
            part["python"].strip() + "\n",
            part["prints"],
            part["strace"],
            tuple(part.get("needs", ())),
        )

    @property
    def pitfalls(self) -> tuple[Pitfall, ...]:
        """Common mistakes."""
        return tuple(Pitfall(p["title"], p["text"].strip()) for p in self.text.get("pitfalls", ()))

    @property
    def security(self) -> Security:
        """Limits, what an attacker gains, and what to watch."""
        part = self._part("security")
        return Security(part.get("text", "").strip(), tuple(part.get("observe", ())))

    @property
    def errors(self) -> tuple[Cause, ...]:
        """Every cause of every errno; an errno may have several."""
        return tuple(
            Cause(e["errno"], e["when"].strip(), e.get("look", "").strip())
            for e in self.text.get("errors", ())
        )

    @property
    def conforming(self) -> Conforming:
        """The standards that describe the call."""
        part = self._part("conforming")
        return Conforming(tuple(part.get("standards", ())), part.get("text", "").strip())

    @property
    def related(self) -> tuple[Related, ...]:
        """Names worth knowing next."""
        return tuple(Related(r["name"], r["why"].strip()) for r in self.text.get("related", ()))

    @property
    def trace(self) -> str:
        """What strace recorded of the example; empty if there is no trace."""
        return load.trace(self.name)

    # From the tables.

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Number and entry point in every ABI that has the call."""
        return tuple(Entry(*row) for row in load.entries(self.name))

    @property
    def numbers(self) -> dict[str, int]:
        """The call's number by ABI."""
        return {abi: number for abi, number, _ in load.entries(self.name)}

    @property
    def signatures(self) -> tuple[Signature, ...]:
        """How the kernel defines the call: the usual definition first, then those that differ."""
        return tuple(
            Signature(f"long {self.name}({_c(parameters)})", abis)
            for parameters, abis in load.signatures(self.name).items()
        )

    @property
    def since(self) -> str:
        """The kernel version that introduced the call; empty if unknown."""
        return load.since(self.name)

    @property
    def removed(self) -> str:
        """The kernel version that removed the call; empty if it exists or never did."""
        return load.removed(self.name)

    @property
    def renamed(self) -> tuple[str, str]:
        """The call's first name and the kernel version that changed it; both empty for most."""
        return load.renamed(self.name)

    @property
    def only(self) -> tuple[str, ...]:
        """The architectures that ever had the call, if they are few; otherwise empty."""
        return load.only(self.name)

    @property
    def profiles(self) -> dict[str, str]:
        """What the default profiles of container engines do with the call, by engine."""
        found: dict[str, str] = load_module(f"{__package__}.profiles").of(self.name)
        return found

    @property
    def documented(self) -> tuple[str, ...]:
        """The errnos that a manual names for the call, without their causes."""
        return load.documented(self.name)

    @property
    def see_also(self) -> tuple[str, ...]:
        """Pages that a manual refers to, "vfork(2)"."""
        return load.see_also(self.name)

    @property
    def optional(self) -> bool:
        """Whether a kernel may be configured without the call, which then answers ENOSYS."""
        return load.optional(self.name)

    def as_dict(self) -> dict[str, Any]:
        """The page in lists, dictionaries, strings and numbers, as JSON wants them."""
        return {name: _plain(getattr(self, name)) for name in FIELDS}


# In the order in which a page is shown.
FIELDS = (
    "name",
    "section",
    "kind",
    "family",
    "written",
    "summary",
    "signatures",
    "arguments",
    "operations",
    "description",
    "inherits",
    "entries",
    "replacement",
    "since",
    "removed",
    "renamed",
    "only",
    "history",
    "optional",
    "profiles",
    "containers",
    "example",
    "trace",
    "security",
    "returns",
    "pitfalls",
    "errors",
    "documented",
    "conforming",
    "related",
    "see_also",
)


def _c(parameters: load.Parameters) -> str:
    """Parameters as C writes them: "int fd, char *buf"."""
    text = ", ".join(f"{kind} {name}" for kind, name in parameters)
    return text.replace("* ", "*").replace("const*", "const *") or "void"


def _plain(value: Any) -> Any:
    if hasattr(value, "_asdict"):
        return {key: _plain(item) for key, item in value._asdict().items()}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
