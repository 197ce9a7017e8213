"""The words: functions that check their arguments and make a MountEntry of them."""

from __future__ import annotations

from os import fsdecode

from pysys.arguments import descriptors, integers, iterables, text
from pysys.loading import counted, hint

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from pysys._types import Descriptor, Path

# MOUNT_ATTR_* that a word sets, and those that it clears first.
_ATIME = 0x70
_ATTRIBUTES = {
    "ro": (0x1, 0),
    "rw": (0, 0x1),
    "nosuid": (0x2, 0),
    "suid": (0, 0x2),
    "nodev": (0x4, 0),
    "dev": (0, 0x4),
    "noexec": (0x8, 0),
    "exec": (0, 0x8),
    "relatime": (0, _ATIME),
    "noatime": (0x10, _ATIME),
    "strictatime": (0x20, _ATIME),
    "nodiratime": (0x80, 0),
    "diratime": (0, 0x80),
    "nosymfollow": (0x200000, 0),
    "symfollow": (0, 0x200000),
}
PROPAGATION = {"unbindable": 1 << 17, "private": 1 << 18, "slave": 1 << 19, "shared": 1 << 20}  # MS_*
_SAFE = "nosuid nodev noexec"
_MODE = 0o7777
_LONGEST = 255  # bytes of a file system's option: what fsconfig takes


class MountEntry:
    """What is to be put somewhere, as the words of pysys.mounts make it.

    kind: the word. target: where: a path in the new root. Both are read only.
    """

    __slots__ = ("details", "kind", "shown", "target")

    kind: str
    target: str | bytes
    details: dict[str, Any]
    shown: dict[str, Any]

    def __init__(
        self, kind: str, target: str | bytes, details: dict[str, Any], shown: dict[str, Any]
    ) -> None:
        set_field = object.__setattr__
        set_field(self, "kind", kind)
        set_field(self, "target", target)
        set_field(self, "details", details)  # as steps.py takes it
        set_field(self, "shown", shown)  # the arguments of the word

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a MountEntry does not change: {name}")

    def __reduce__(self) -> tuple[Any, ...]:
        return MountEntry, (self.kind, self.target, self.details, self.shown)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, MountEntry):
            return NotImplemented
        return (self.kind, self.shown) == (other.kind, other.shown)

    __hash__ = None  # type: ignore[assignment]  # it has a dict

    def __repr__(self) -> str:
        arguments = ", ".join(
            f"{name}={value:#o}" if name == "mode" else f"{name}={value!r}"
            for name, value in self.shown.items()
        )
        return f"mounts.{self.kind}({arguments})"


def _entry(kind: str, target: Path, shown: dict[str, Any], **details: Any) -> MountEntry:
    """shown: the arguments of the word; None: at its default."""
    raw = text.encoded(f"{kind}: target", target)
    path: str | bytes = raw if isinstance(target, bytes) else fsdecode(raw)
    details["parts"] = _parts(f"{kind}: target", raw)
    shown = {"target": path, **shown} if "target" not in shown else {**shown, "target": path}
    return MountEntry(
        kind, path, details, {name: value for name, value in shown.items() if value is not None}
    )


def _parts(title: str, path: bytes) -> list[bytes]:
    """The names in a path of the new root."""
    found = [part for part in path.split(b"/") if part not in (b"", b".")]
    if b".." in found:
        raise ValueError(f"{title}: a path in the new root has no .., as {path!r} has")
    return found


def _bits(title: str, value: Any) -> tuple[int, int]:
    """Attributes that are set, and that are cleared."""
    if not isinstance(value, str):
        return integers.within(title, integers.integer(title, value, " or words in a str"), (0, 2**32 - 1)), 0
    on = off = 0
    for word in value.replace(",", " ").split():
        if word not in _ATTRIBUTES:
            raise ValueError(f"{title}: there is no {word!r}{hint(word, _ATTRIBUTES)}")
        set_bits, cleared = _ATTRIBUTES[word]
        if set_bits & off & ~_ATIME or cleared & on:
            raise ValueError(f"{title}: {word!r} contradicts another of {value!r}")
        on, off = on | set_bits, off | cleared
    return on, off


def _option(title: str, value: Any) -> bytes | None:
    """An option's value; None: it has none."""
    if value is True:
        return None
    if isinstance(value, int):
        value = str(int(value))
    encoded = text.encoded(title, value)
    if len(encoded) > _LONGEST:
        most = counted(_LONGEST, "byte")
        raise ValueError(f"{title}: an option has at most {most}, and this one {len(encoded)}")
    return encoded


def _mode(title: str, mode: Any) -> int:
    return integers.within(title, mode, (0, _MODE))


def _made(
    kind: str,
    target: Path,
    attributes: str | int,
    options: Mapping[str, Any],
    shown: dict[str, Any],
    type_name: str = "",
) -> MountEntry:
    """A file system that fsopen makes."""
    taken = [
        (name.encode(), _option(f"{kind}: {name}", value))
        for name, value in options.items()
        if value is not None and value is not False
    ]
    bits = _bits(f"{kind}: attributes", attributes)
    return _entry(kind, target, shown, type=(type_name or kind).encode(), options=taken, attributes=bits)


def bind(
    source: Path | Descriptor,
    target: Path | None = None,
    attributes: str | int = "",
    *,
    recursive: bool = True,
    optional: bool = False,
    idmap: Descriptor | None = None,
) -> MountEntry:
    """A file or directory that is seen in another place as well, with all that is mounted below it.

    source: a path of the root and the working directory of before; or a descriptor that tree() made, which is
        put there itself: it can be in one place.
    target: where; None: the same path.
    attributes: words in one str, or flags.MountAttributes: "ro", "nosuid", "nodev", "noexec", "noatime",
        "relatime", "strictatime", "nodiratime", "nosymfollow", and "rw", "suid", "dev", "exec", "diratime",
        "symfollow", which clear them. Those that are not named stay as they are. In a user namespace what
        its maker has set on a mount cannot be cleared, and what it says of atime cannot be changed (EPERM).
    recursive: whether what is mounted below it comes along, and has these attributes too. In a new user
        namespace it has to, because it could uncover what a mount hides (EINVAL).
    optional: whether it may be missing: then nothing is mounted.
    idmap: a descriptor of a user namespace, whose maps are applied to owners. Takes CAP_SYS_ADMIN in the user
        namespace of the file system, which a child with a new user namespace does not have: use tree().

    Returns a MountEntry. Raises TypeError and ValueError for arguments.
    """
    origin = source if text.is_path(source) else descriptors.number("bind: source", source, " or a path")
    if text.is_path(source):
        target = source if target is None else target  # type: ignore[assignment]  # it is a path
    if target is None:
        raise TypeError("bind: a descriptor needs a target")
    user = None if idmap is None else descriptors.number("bind: idmap", idmap)
    shown = {
        "source": origin,
        "target": target,
        "attributes": attributes or None,
        "recursive": None if recursive else False,
        "optional": True if optional else None,
        "idmap": user,
    }
    return _entry(
        "bind",
        target,
        shown,
        source=text.encoded("bind: source", source) if text.is_path(source) else origin,
        attributes=_bits("bind: attributes", attributes),
        recursive=bool(recursive),
        optional=bool(optional),
        idmap=user,
    )


def tmpfs(
    target: Path,
    attributes: str | int = "nosuid nodev",
    *,
    size: str | int | None = None,
    mode: int = 0o755,
    **options: str | int | bool | None,
) -> MountEntry:
    """An empty file system in memory.

    target: where.
    attributes: as in bind.
    size: at most, in bytes, or as "16m" or "50%"; None: half of the memory.
    mode: of its root.
    options: others that tmpfs knows, for example nr_inodes=1000.

    Returns a MountEntry. Raises TypeError and ValueError for arguments.
    """
    taken = {"size": size, "mode": f"{_mode('tmpfs: mode', mode):o}", **options}
    shown = {"size": size, "mode": None if mode == 0o755 else mode, **options}
    return _made("tmpfs", target, attributes, taken, shown)


def proc(
    target: Path = "/proc",
    attributes: str | int = _SAFE,
    *,
    hidepid: str | int | None = None,
    subset: str | None = None,
    **options: str | int | bool | None,
) -> MountEntry:
    """The processes of the PID namespace.

    target, attributes: as in bind.
    hidepid: "invisible" (2): nobody sees other users' processes; "noaccess" (1), "ptraceable" (4, Linux 5.8).
    subset: "pid": processes alone, and nothing of the machine (Linux 5.8).

    In a user namespace it takes a PID namespace of that namespace, and a complete /proc in sight (EPERM).

    Returns a MountEntry. Raises TypeError and ValueError for arguments.
    """
    taken = {"hidepid": hidepid, "subset": subset, **options}
    return _made("proc", target, attributes, taken, taken)


def sysfs(target: Path = "/sys", attributes: str | int = f"ro {_SAFE}") -> MountEntry:
    """The devices and drivers. In a user namespace it takes a network namespace of that namespace.

    target, attributes: as in bind.

    Returns a MountEntry. Raises TypeError and ValueError for arguments.
    """
    return _made("sysfs", target, attributes, {}, {})


def mqueue(target: Path = "/dev/mqueue", attributes: str | int = _SAFE) -> MountEntry:
    """The message queues of the IPC namespace, which in a user namespace has to be of that namespace.

    target, attributes: as in bind.

    Returns a MountEntry. Raises TypeError and ValueError for arguments.
    """
    return _made("mqueue", target, attributes, {}, {})


def filesystem(
    type: str,  # as in fstab
    target: Path,
    attributes: str | int = "",
    *,
    source: Path | None = None,
    **options: str | int | bool | None,
) -> MountEntry:
    """Any other file system.

    type: as in /proc/filesystems.
    target, attributes: as in bind.
    source: for example a device.
    options: what it knows; True for one that has no value. A name that Python has for itself goes in as
        **{"name": value}.

    Returns a MountEntry. Raises TypeError and ValueError for arguments.
    """
    name = text.encoded("filesystem: type", type, path=False)
    taken = {"source": source, **options}
    shown = {"type": type, "target": target, "attributes": attributes or None, **taken}
    return _made("filesystem", target, attributes, taken, shown, name.decode())


def overlay(
    target: Path,
    lower: Iterable[Path],
    upper: Path | None = None,
    work: Path | None = None,
    attributes: str | int = "",
    *,
    userxattr: bool | None = None,
    **options: str | int | bool | None,
) -> MountEntry:
    """Directories laid over each other.

    target, attributes: as in bind.
    lower: directories that are read, the first on top.
    upper: what gets the changes; None: it is read only, and two lower ones are needed.
    work: an empty directory of the file system of upper.
    userxattr: whether marks go into user.* attributes; None: in a user namespace, where nothing else is
        permitted. Since Linux 5.11.
    options: others that overlay knows.

    Paths that together are longer than 255 bytes need Linux 6.5.

    Returns a MountEntry. Raises TypeError and ValueError for arguments.
    """
    if (upper is None) != (work is None):
        raise ValueError("overlay: upper and work go together")
    layers = [
        text.encoded(f"overlay: lower[{index}]", layer)
        for index, layer in enumerate(iterables.items("overlay: lower", lower, "paths"))
    ]
    if not layers:
        raise ValueError("overlay: lower is empty")
    # In a list, and in a path alone, these mean something.
    escaped = [layer.replace(b"\\", b"\\\\").replace(b":", b"\\:") for layer in layers]
    together = b":".join(escaped)
    chosen: list[tuple[bytes, bytes | None]] = [(b"lowerdir", together)]
    if len(together) > _LONGEST:
        chosen = [(b"lowerdir+", _option(f"overlay: lower[{i}]", one)) for i, one in enumerate(layers)]
    if upper is not None and work is not None:
        for name, path in (("upperdir", upper), ("workdir", work)):
            encoded = text.encoded(f"overlay: {name}", path)
            chosen.append((name.encode(), encoded.replace(b"\\", b"\\\\").replace(b":", b"\\:")))
    shown: dict[str, Any] = {"lower": [fsdecode(one) for one in layers], "upper": upper, "work": work}
    shown |= {"userxattr": userxattr, **options}
    entry = _made("overlay", target, attributes, options, shown)
    entry.details["options"][:0] = chosen
    entry.details["userxattr"] = userxattr
    return entry


def devices(target: Path = "/dev") -> MountEntry:
    """A small /dev: null, zero, full, random, urandom and tty of this one; terminals of its own (pts, ptmx);
    shm, an empty file system; and the links fd, stdin, stdout and stderr, for which /proc has to be there.

    target: where.

    Returns a MountEntry. Raises TypeError and ValueError for arguments.
    """
    return _entry("devices", target, {})


def directory(target: Path, mode: int = 0o755) -> MountEntry:
    """A directory. One that exists stays as it is.

    target: where.
    mode: in apply less what this process's umask takes.

    Returns a MountEntry. Raises TypeError and ValueError for arguments.
    """
    mode = _mode("directory: mode", mode)
    return _entry("directory", target, {"mode": None if mode == 0o755 else mode}, mode=mode)


def file(target: Path, contents: str | bytes = b"", mode: int = 0o644) -> MountEntry:
    """A file with these contents. There must not be one yet (EEXIST).

    target: where.
    contents: a str is in UTF-8.
    mode: in apply less what this process's umask takes.

    Returns a MountEntry. Raises TypeError and ValueError for arguments.
    """
    raw = contents.encode() if isinstance(contents, str) else contents
    if not isinstance(raw, bytes):
        raise TypeError(f"file: contents must be str or bytes, not {type(contents).__name__}")
    mode = _mode("file: mode", mode)
    shown = {"contents": contents, "mode": None if mode == 0o644 else mode}
    return _named(_entry("file", target, shown, contents=raw, mode=mode))


def symlink(to: Path, target: Path) -> MountEntry:
    """A symbolic link.

    to: what it contains.
    target: where it is; there must not be anything yet (EEXIST).

    Returns a MountEntry. Raises TypeError and ValueError for arguments.
    """
    shown = {"to": to, "target": target}
    return _named(_entry("symlink", target, shown, to=text.encoded("symlink: to", to)))


def attributes(target: Path, words: str | int, *, recursive: bool = False) -> MountEntry:
    """Other attributes for what is mounted there already.

    target: where.
    words: as attributes in bind.
    recursive: whether also for what is mounted below it.

    Returns a MountEntry. Raises TypeError and ValueError for arguments.
    """
    shown = {"target": target, "words": words, "recursive": True if recursive else None}
    bits = _bits("attributes: words", words)
    return _entry("attributes", target, shown, attributes=bits, recursive=bool(recursive))


def propagation(kind: str, target: Path = "/", *, recursive: bool = True) -> MountEntry:
    """Which changes elsewhere are seen here.

    kind: "private", "slave", "shared" or "unbindable".
    target: of what is mounted there.
    recursive: whether also of what is mounted below it.

    In a new mount namespace all is private before the first entry, unless that is propagation(...) of "/".

    Returns a MountEntry. Raises TypeError and ValueError for arguments.
    """
    if kind not in PROPAGATION:
        more = hint(kind, PROPAGATION) if isinstance(kind, str) else ""
        raise ValueError(f"propagation: there is no {kind!r}{more}")
    bits = PROPAGATION[kind]
    shown = {"kind": kind, "target": target, "recursive": None if recursive else False}
    return _entry("propagation", target, shown, propagation=bits, recursive=bool(recursive))


def _named(entry: MountEntry) -> MountEntry:
    """What is made in a directory has a name."""
    if not entry.details["parts"]:
        raise ValueError(f"{entry.kind}: target: / exists")
    return entry
