"""The machines, a row each: data alone. `python -m machines --list` shows them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Emulator:
    """A machine that qemu emulates."""

    packages: tuple[str, ...]  # Debian's, of which the first holds the program
    program: str
    options: tuple[str, ...]
    console: str
    processors: int = 4  # at most
    memory: int = 2048  # MiB
    bus: str = "pci"  # of the ports that results come out of: virtio-serial-BUS


@dataclass(frozen=True)
class Kernel:
    """A kernel that Debian packages."""

    suite: str
    architecture: str
    package: str


@dataclass(frozen=True)
class Row:
    """Where the tests run: Debian's programs of an architecture, on some kernel."""

    name: str
    about: str
    suite: str
    architecture: str  # as Debian calls it
    pythons: tuple[str, ...]  # those that the suite has cffi for; the first is meant if nothing is said


@dataclass(frozen=True)
class Machine(Row):
    """An emulated machine, with a kernel of its own."""

    kernel: Kernel


# What Debian calls an architecture: the target as the cross compiler calls it.
TARGETS = {
    "amd64": "x86_64-linux-gnu",
    "arm64": "aarch64-linux-gnu",
    "armhf": "arm-linux-gnueabihf",
    "i386": "x86-linux-gnu",
    "loong64": "loongarch64-linux-gnu",
    "mips64el": "mips64el-linux-gnuabi64",
    "mipsel": "mipsel-linux-gnueabihf",
    "ppc64el": "powerpc64le-linux-gnu",
    "riscv64": "riscv64-linux-gnu",
    "s390x": "s390x-linux-gnu",
}

_PC = Emulator(
    ("qemu-system-x86", "seabios"),
    "qemu-system-x86_64",
    ("-M", "q35", "-cpu", "max", "-vga", "none"),
    "ttyS0",
)
# By the kernel's architecture. What was tried: mips64r2el on malta and loongson-3 do not boot; the kernel of
# mipsel has addresses for 256 MiB, in which the tests are killed.
EMULATORS = {
    "amd64": _PC,
    "i386": _PC,
    "arm64": Emulator(
        ("qemu-system-arm",),
        "qemu-system-aarch64",
        # A kernel at a random address isolates its page tables, which takes half of an emulator's time.
        ("-M", "virt,dtb-randomness=off", "-cpu", "cortex-a57"),
        "ttyAMA0",
    ),
    "armhf": Emulator(
        ("qemu-system-arm",), "qemu-system-arm", ("-M", "virt", "-cpu", "cortex-a15"), "ttyAMA0"
    ),
    "riscv64": Emulator(("qemu-system-riscv", "opensbi"), "qemu-system-riscv64", ("-M", "virt"), "ttyS0"),
    "ppc64el": Emulator(
        ("qemu-system-ppc",),
        "qemu-system-ppc64",
        ("-M", "pseries,x-vof=on", "-cpu", "power9", "-vga", "none"),
        "hvc0",
    ),
    "s390x": Emulator(
        ("qemu-system-s390x",),
        "qemu-system-s390x",
        ("-M", "s390-ccw-virtio"),
        "ttysclp0",
        bus="ccw",
        memory=4096,  # with half of it the tests of processes run out of memory
    ),
    "loong64": Emulator(
        ("qemu-system-misc", "qemu-efi-loongarch64"),
        "qemu-system-loongarch64",
        ("-M", "virt", "-cpu", "la464", "-bios", "{root}/usr/share/qemu-efi-loongarch64/QEMU_EFI.fd"),
        "ttyS0",
    ),
    "mips64el": Emulator(
        ("qemu-system-mips",),
        "qemu-system-mips64el",
        ("-M", "malta", "-cpu", "MIPS64R2-generic", "-vga", "none"),
        "ttyS0",
        processors=1,
        memory=1024,
    ),
}

_ARM64 = Kernel("trixie", "arm64", "linux-image-cloud-arm64")
_CLOUD = "linux-image-cloud-amd64"
_MIPS64 = Kernel("bookworm", "mips64el", "linux-image-5kc-malta")
_LPAE = Kernel("trixie", "armhf", "linux-image-armmp-lpae")
ROWS = {
    row.name: row
    for row in (
        Machine("aarch64", "64-bit ARM", "trixie", "arm64", ("3.13",), _ARM64),
        Machine("armhf", "32-bit ARM", "trixie", "armhf", ("3.13",), _LPAE),
        Machine("armhf-on-aarch64", "32-bit ARM on a 64-bit kernel", "trixie", "armhf", ("3.13",), _ARM64),
        Machine(
            *("riscv64", "64-bit RISC-V", "trixie", "riscv64", ("3.13",)),
            Kernel("trixie", "riscv64", "linux-image-riscv64"),
        ),
        Machine(
            *("ppc64le", "64-bit POWER, little-endian", "bookworm", "ppc64el", ("3.11",)),
            Kernel("bookworm", "ppc64el", "linux-image-powerpc64le"),
        ),
        Machine(
            *("s390x", "IBM Z, big-endian", "bookworm", "s390x", ("3.11",)),
            Kernel("bookworm", "s390x", "linux-image-s390x"),
        ),
        Machine(
            *("s390x-newest", "IBM Z, the newest kernel", "sid", "s390x", ("3.14", "3.15")),
            Kernel("sid", "s390x", "linux-image-s390x"),
        ),
        Machine(
            *("loong64", "64-bit LoongArch", "sid", "loong64", ("3.14", "3.15")),
            Kernel("sid", "loong64", "linux-image-loong64"),
        ),
        Machine(
            *("mips64el", "64-bit MIPS, ABI n64", "bookworm", "mips64el", ("3.11",)),
            _MIPS64,
        ),
        Machine(
            *(
                "mipsel-on-mips64el",
                "32-bit MIPS, ABI o32, on a 64-bit kernel",
                "bookworm",
                "mipsel",
                ("3.11",),
            ),
            _MIPS64,
        ),
        Machine(
            *("i386", "32-bit x86", "bookworm", "i386", ("3.11",)),
            Kernel("bookworm", "i386", "linux-image-686-pae"),
        ),
        Machine(
            *("i386-on-x86_64", "32-bit x86 on a 64-bit kernel", "trixie", "i386", ("3.13",)),
            Kernel("trixie", "amd64", _CLOUD),
        ),
        Machine(
            *("x86_64-linux6.1", "64-bit x86, an old kernel", "bookworm", "amd64", ("3.11",)),
            Kernel("bookworm", "amd64", _CLOUD),
        ),
        Machine(
            *("x86_64-linux6.12", "64-bit x86, a kernel in between", "trixie", "amd64", ("3.13",)),
            Kernel("trixie", "amd64", _CLOUD),
        ),
        Machine(
            *("x86_64-newest", "64-bit x86, the newest kernel", "sid", "amd64", ("3.15", "3.14")),
            Kernel("sid", "amd64", _CLOUD),
        ),
    )
}
# Those whose programs run on this machine's own kernel, for who can do nothing else.
USER = {"aarch64-user": Row("aarch64-user", "64-bit ARM, its programs alone", "trixie", "arm64", ("3.13",))}

# What a kernel calls its machine, and which version a suite has, at least.
UNAMES = {
    "amd64": "x86_64",
    "arm64": "aarch64",
    "armhf": "armv7l",
    "i386": "i686",
    "loong64": "loongarch64",
    "mips64el": "mips64",
    "ppc64el": "ppc64le",
    "riscv64": "riscv64",
    "s390x": "s390x",
}
VERSIONS = {"bookworm": (6, 1), "trixie": (6, 12), "sid": (7, 2)}
NARROW = frozenset({"armhf", "i386", "mipsel"})  # architectures whose words have 32 bits
# What none of the machines of CI is known to have: modules that they do not load, programs, processors.
NOWHERE = frozenset({"fuse", "loop", "tun", "kvm", "ext4", "mkfs.ext4", "smp", "rtc"})
# The machines of CI, among which examples and provocations of pages are divided: the needs (of pages) that a
# machine does not meet, besides those that its kernel and its architecture decide.
SHARED: dict[str, frozenset[str]] = {
    "x86_64-newest": NOWHERE | {"no-rtc"},
    "armhf-on-aarch64": NOWHERE | {"no-rtc"},
    "aarch64": NOWHERE | {"no-rtc"},
    "s390x": NOWHERE | {"numa"},
}
