"""The parts of a page. A page's text comes from its TOML file, its facts from the generated tables."""

from __future__ import annotations

from pysys.loading import load as load_module
from pysys.metadata import load
from pysys.metadata.light import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Any

    from pysys.metadata.overviews import Listing
    from pysys.metadata.profiles import Profile


class Item(Record):
    """A name and its description: a parameter, an operation.

    name: the parameter or operation. text: what there is to say of it.
    """

    name: str
    text: str


class Kept(Record):
    """What stays the same in a new process, program or namespace, and what differs.

    same, differs: a sentence each.
    """

    same: tuple[str, ...]
    differs: tuple[str, ...]


class Substitute(Record):
    """What stands in for the call where an ABI lacks it.

    text: in words. replaced_by: the call, "" if there is none.
    """

    text: str
    replaced_by: str


class Change(Record):
    """One kernel version that changed the call.

    version: "5.10". change: what it brought.
    """

    version: str
    change: str


class Containers(Record):
    """What filters do to the call, and which calls must be denied with it for the denial to be effective.

    text: in words. deny_together: the calls; "clone: CLONE_NEW" is denied only with a flag that makes a
    namespace.
    """

    text: str
    deny_together: tuple[str, ...]


class Example(Record):
    """A script, what it prints, and which calls its recorded trace shows.

    text: what it does. python: the script. prints: its output. strace: the calls that the trace shows.
    needs: what it needs to run, such as "root".
    """

    text: str
    python: str
    prints: str
    strace: str
    needs: tuple[str, ...]


class Pitfall(Record):
    """A common mistake.

    title: in a few words. text: what happens, and how to avoid it.
    """

    title: str
    text: str


class Security(Record):
    """What an attacker gains, what the limits are, and how to watch.

    text: in words. observe: commands and files that show it.
    """

    text: str
    observe: tuple[str, ...]


class Condition(Record):
    """A condition of a cause: what an argument must be for it to be possible.

    name: a parameter, a field of a structure among the arguments, or "step", which is spawn's. any_of: what
    it may be, in words that docs/pages.md explains.
    """

    name: str
    any_of: tuple[str, ...]


class Cause(Record):
    """One reason why the call gives the errno, and where to look to see whether it applies.

    errno: its symbol. when: the reason. look: where to look, "" if there is nothing to see.
    provoke: lines of Python that make it happen, after `PRELUDE`; needs: what they need ("root",
    "kernel>=6.8", "kernel<6.8").
    unproven: in a word why there are none ("memory", "race"), or empty.
    only: what must hold of the arguments, all of it.
    """

    errno: str
    when: str
    look: str = ""
    provoke: str = ""
    needs: tuple[str, ...] = ()
    unproven: str = ""
    only: tuple[Condition, ...] = ()


def conditions(cause: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What `only` of a cause as it is written says: names, and for each what the argument may be."""
    for name, words in cause.get("only", {}).items():
        yield name, (words,) if isinstance(words, str) else tuple(words)


def excludes(entry: str, errno: str, when: str) -> bool:
    """Whether an entry of `errors_not` is about a cause: "EPERM", or "EPERM: how its `when` begins"."""
    symbol, _, beginning = entry.partition(": ")
    return errno == symbol and " ".join(when.split()).startswith(beginning)


# What runs before the lines of a cause.
PRELUDE = """\
import os
from pysys import *
from pysys.flags import *
from pysys.structures import *
"""


class Conforming(Record):
    """The standards that describe the call.

    standards: their names. text: what there is to add.
    """

    standards: tuple[str, ...]
    text: str


class Related(Record):
    """Another name worth knowing, and why.

    name: a page, "vfork". why: in a few words.
    """

    name: str
    why: str


class Entry(Record):
    """The call's number and entry point in one ABI's table.

    abi: its name. number: as the table has it. entry: the kernel's function, "sys_fork".
    """

    abi: str
    number: int
    entry: str


class Signature(Record):
    """A definition of the call in the kernel, and the ABIs that it applies to.

    prototype: in C. abis: their names.
    """

    prototype: str
    abis: tuple[str, ...]


class Term(Record):
    """A name without a page.

    name: of a flag, a class of flags, a structure or an errno. text: what it is.
    kind: "flags" for a class, "flag of MountFlags", "structure" or "errno".
    """

    name: str
    kind: str
    text: str


class Function(Record):
    """A function of the C library, as glibc's headers declare it.

    name: of the function. header: that declares it. prototype: in C.
    macro: what must be defined before the header is included, "_GNU_SOURCE", or empty. since: the first
    version of glibc with the symbol; "2.0" is the oldest that symbols have.
    """

    name: str
    header: str
    macro: str
    since: str
    prototype: str


class Page:
    """Everything that the reference knows about one name.

    The text is read when it is first needed. A name of which nothing is written (`depth` is "generated") has
    only the facts: `numbers`, `signatures`, `since`, `profiles`, `documented`, `see_also`.
    """

    def __init__(self, name: str) -> None:
        self.name = name

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
        """What is written of the page; empty if nothing is."""
        return load.text(self.name)

    def _part(self, key: str) -> Mapping[str, Any]:
        part: Mapping[str, Any] = self.text.get(key, {})
        return part

    # What is written by hand.

    @property
    def depth(self) -> str:
        """How much is written: "full", "short" (summary, description, causes), or "generated" (nothing)."""
        return load.depth(self.name)

    @property
    def section(self) -> int:
        """Section of the manual: 2, the system calls, unless the page says otherwise."""
        section: int = self.text.get("section", 2)
        return section

    @property
    def topics(self) -> tuple[str, ...]:
        """What the call is about, for example ("files", "sandbox"): the main topic first."""
        return load.topics(self.name)

    @property
    def kind(self) -> str:
        """One of call, wrapper, library, overview, removed, never (implemented)."""
        return str(self.text["kind"]) if "kind" in self.text else load.kind(self.name)[0]

    @property
    def variant_of(self) -> tuple[str, str]:
        """The call of which this one is a variant, and how it differs: ("chown", "with 16-bit ids")."""
        return str(self.text.get("variant_of", "")), str(self.text.get("differs", ""))

    @property
    def summary(self) -> str:
        """One line."""
        base, differs = self.variant_of
        if base and not load.summary(self.name):
            return f"As {base}, {differs}."
        return load.summary(self.name) or load.kind(self.name)[1]

    @property
    def description(self) -> str:
        """Paragraphs, separated by empty lines; code is in backquotes."""
        return self._prose("description")

    @property
    def arguments(self) -> tuple[Item, ...]:
        """What there is to say of the parameters beyond their types, named as the kernel names them."""
        return self._items("parameters")

    @property
    def operations(self) -> tuple[Item, ...]:
        """The operations of a call that has several, where pysys.flags does not describe them."""
        return self._items("operations")

    @property
    def flags(self) -> tuple[Item, ...]:
        """What to add, for this call, to the texts of members and classes of pysys.flags."""
        return self._items("flags")

    @property
    def flags_elsewhere(self) -> dict[str, str]:
        """The classes of flags whose members another page lists, and that page."""
        return {flags: str(page) for flags, page in self._part("elsewhere").items()}

    @property
    def kept(self) -> Kept:
        """What stays the same and what differs in the new process, program or namespace."""
        part = self._part("kept")
        return Kept(tuple(part.get("same", ())), tuple(part.get("differs", ())))

    @property
    def replacement(self) -> Substitute:
        """What replaces the call where it is missing, and what C libraries really issue."""
        part = self._part("missing")
        return Substitute(str(part.get("text", "")).strip(), str(part.get("use", "")))

    @property
    def returns(self) -> str:
        """What the call returns when it succeeds."""
        return self._prose("returns")

    @property
    def history(self) -> tuple[Change, ...]:
        """The kernel versions that changed the call, oldest first."""
        return tuple(Change(*item) for item in self._items("history"))

    @property
    def containers(self) -> Containers:
        """Seccomp filters and containers."""
        part = self._part("containers")
        return Containers(str(part.get("text", "")).strip(), tuple(part.get("deny_together", ())))

    @property
    def example(self) -> Example | None:
        """A script that can be run; None if there is none."""
        part = self._part("example")
        if not part:
            return None
        return Example(
            part.get("text", "").strip(),
            part["python"].strip() + "\n",
            part["prints"].strip("\n"),
            part["strace"],
            tuple(part.get("needs", ())),
        )

    @property
    def pitfalls(self) -> tuple[Pitfall, ...]:
        """Common mistakes."""
        return tuple(Pitfall(*item) for item in self._items("pitfalls"))

    @property
    def security(self) -> Security:
        """Limits, what an attacker gains, and what to watch."""
        part = self._part("security")
        return Security(str(part.get("text", "")).strip(), tuple(part.get("observe", ())))

    @property
    def errors(self) -> tuple[Cause, ...]:
        """Every cause of every errno, several for some; those from the page `errors_of` come last."""
        own = tuple(
            Cause(
                e["errno"],
                e["when"].strip(),
                e.get("look", "").strip(),
                e.get("provoke", "").strip(),
                tuple(e.get("needs", ())),
                e.get("unproven", ""),
                tuple(Condition(*item) for item in conditions(e)),
            )
            for e in self.text.get("errors", ())
        )
        unlike = self.text.get("errors_not", ())
        inherited = Page(self.errors_of).errors if self.errors_of else ()
        return own + tuple(
            one for one in inherited if not any(excludes(entry, one.errno, one.when) for entry in unlike)
        )

    @property
    def errors_of(self) -> str:
        """The call whose causes are this one's, too; empty for most."""
        return str(self.text.get("errors_of", self.variant_of[0]))

    @property
    def conforming(self) -> Conforming:
        """The standards that describe the call."""
        part = self._part("conforming")
        return Conforming(tuple(part.get("standards", ())), str(part.get("text", "")).strip())

    @property
    def related(self) -> tuple[Related, ...]:
        """Names worth knowing next."""
        return tuple(Related(*item) for item in self._items("related"))

    def _prose(self, key: str) -> str:
        return str(self.text.get(key, "")).strip()

    def _items(self, key: str) -> tuple[Item, ...]:
        return tuple(Item(name, str(text).strip()) for name, text in self._part(key).items())

    @property
    def trace(self) -> str:
        """What strace recorded of the example; empty if there is no trace."""
        return str(self.text.get("trace", ""))

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
    def libc(self) -> Function | None:
        """The C library's function for the call, which may have another name; None where it declares none."""
        found = load.libc(self.name)
        return Function(*found) if found else None

    @property
    def python(self) -> str:
        """How Python makes the call, "calls.openat2(dfd, filename, how, usize)", or in a comment why not."""
        return load.python_call(self.name)

    @property
    def instead(self) -> tuple[str, str]:
        """What pysys makes where an ABI lacks the call, and on a kernel too old for it; empty for nothing."""
        return load.instead(self.name)

    @property
    def repeated(self) -> str:
        """Whether pysys makes the call again after a signal, in words; empty if no signal interrupts it."""
        return str(self._generated("repeated")(self))

    @property
    def listing(self) -> Listing | None:
        """What an overview lists, such as all calls; None for other pages."""
        every = (Page(name) for name in load.names())
        found: Listing | None = load_module(f"{__package__}.overviews").listing(self.name, every)
        return found

    @property
    def parameters(self) -> tuple[Item, ...]:
        """What each parameter takes, and what there is to say of it."""
        return tuple(Item(*one) for one in self._generated("parameter_texts")(self))

    @property
    def structures(self) -> tuple[str, ...]:
        """The structures that the parameters point to."""
        return tuple(group.name for group in self._generated("structures")(self.name))

    @property
    def flag_classes(self) -> tuple[str, ...]:
        """The classes of pysys.flags that the parameters and the fields of structures take."""
        return tuple(group.name for group in self._generated("flags")(self))

    def _generated(self, function: str) -> Any:
        return getattr(load_module(f"{__package__}.generated"), function)

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
    def profiles(self) -> dict[str, Profile]:
        """What container engines' default profiles do with the call, by engine: in words and as rules."""
        found: dict[str, Profile] = load_module(f"{__package__}.profiles").of(self.name)
        return found

    @property
    def documented(self) -> tuple[str, ...]:
        """The errnos that a manual names for the call, without their causes.

        Those are not among them which `errors_not` of the page says that it does not give; but an
        errno with a cause on the page is.
        """
        named = load.documented(self.name)
        if not (unlike := self.text.get("errors_not") if named else None):
            return named
        kept = {cause.errno for cause in self.errors}
        return tuple(one for one in named if one in kept or one not in unlike)

    @property
    def see_also(self) -> tuple[str, ...]:
        """Pages that a manual refers to, "vfork(2)"."""
        return load.see_also(self.name)

    @property
    def optional(self) -> bool:
        """Whether a kernel may be configured without the call, which then answers ENOSYS."""
        return load.optional(self.name)

    @property
    def config(self) -> tuple[str, ...]:
        """What the kernel's configuration must have for the call, "CONFIG_EPOLL"; empty for most."""
        return load.config(self.name)

    def as_dict(self) -> dict[str, Any]:
        """The page in lists, dictionaries, strings and numbers, as JSON wants them.

        Returns a dict, which docs/export.schema.json describes. Raises NotLoadedError where the reference
        cannot be read any more.
        """
        return {name: _plain(getattr(self, name)) for name in FIELDS}


# In the order in which a page is shown.
FIELDS = (
    "name",
    "section",
    "kind",
    "topics",
    "depth",
    "variant_of",
    "summary",
    "signatures",
    "libc",
    "python",
    "instead",
    "repeated",
    "parameters",
    "structures",
    "flag_classes",
    "arguments",
    "operations",
    "flags",
    "flags_elsewhere",
    "description",
    "listing",
    "kept",
    "entries",
    "replacement",
    "since",
    "removed",
    "renamed",
    "only",
    "history",
    "optional",
    "config",
    "profiles",
    "containers",
    "example",
    "trace",
    "security",
    "returns",
    "pitfalls",
    "errors",
    "errors_of",
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
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value


# The public name, also for pickles.
for _kind in (
    Item,
    Kept,
    Substitute,
    Change,
    Containers,
    Example,
    Pitfall,
    Security,
    Condition,
    Cause,
    Conforming,
    Related,
    Entry,
    Signature,
    Term,
    Function,
    Page,
):
    _kind.__module__ = __package__
