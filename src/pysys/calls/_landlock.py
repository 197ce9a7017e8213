"""Typed calls whose results are values: Landlock.

    ruleset = landlock_create_ruleset(LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE)
    landlock_add_rule(ruleset, LANDLOCK_RULE_PATH_BENEATH, LANDLOCK_ACCESS_FS_READ_FILE, "/usr")
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    landlock_restrict_self(ruleset)

What a ruleset handles is forbidden, but for what rules allow.
"""

from __future__ import annotations

from os import O_CLOEXEC, O_PATH

from pysys import structures
from pysys.arguments import descriptors, integers, memory, text
from pysys.calls import direct
from pysys.calls._values.paths import AT_FDCWD
from pysys.doc import documented_call
from pysys.errors import ENOSYS, EOPNOTSUPP

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pysys._types import Descriptor, Path

_VERSION = 1
_PATH_BENEATH, _NET_PORT = 1, 2


@documented_call
def landlock_create_ruleset(
    handled_access_fs: int = 0,
    handled_access_net: int = 0,
    scoped: int = 0,
    *,
    quiet_access_fs: int = 0,
    quiet_access_net: int = 0,
    quiet_scoped: int = 0,
    flags: int = 0,
) -> int:
    """landlock_create_ruleset(2): a set of rules, as a descriptor that exec closes.

    handled_access_fs: flags.LandlockAccessFs, what is forbidden with files unless a rule allows it.
    handled_access_net: flags.LandlockAccessNet, likewise with ports (since Linux 6.7).
    scoped: flags.LandlockScope, what ends at the sandbox (since 6.12).
    quiet_access_fs, quiet_access_net, quiet_scoped: of which of these a denial need not be logged, where a
        rule says so (since 7.2).
    flags: flags.LandlockCreateFlags: then the result is what they ask for, and there must be nothing else.

    Bits that the kernel does not know are EINVAL or E2BIG: landlock_abi says which there are.

    Returns its descriptor.

    Since Linux 5.13.
    """
    rights = {
        "handled_access_fs": handled_access_fs,
        "handled_access_net": handled_access_net,
        "scoped": scoped,
        "quiet_access_fs": quiet_access_fs,
        "quiet_access_net": quiet_access_net,
        "quiet_scoped": quiet_scoped,
    }
    if flags and not any(rights.values()):
        return direct.landlock_create_ruleset(None, 0, flags)
    attr = memory.made("landlock_create_ruleset", structures.landlock_ruleset_attr, **rights)
    return direct.landlock_create_ruleset(attr, attr.nbytes, flags)


def landlock_abi() -> int:
    """landlock_create_ruleset(2) for its version: that of Landlock in this kernel.

    Returns it, from 1, or 0 if there is no Landlock or it is turned off. Raises the documented errors of
    landlock_create_ruleset (pysys.errors). Since Linux 5.13.
    """
    try:
        return landlock_create_ruleset(flags=_VERSION)
    except (ENOSYS, EOPNOTSUPP):
        return 0


@documented_call
def landlock_add_rule(
    ruleset_fd: Descriptor, rule_type: int, allowed_access: int, target: Path | Descriptor, flags: int = 0
) -> None:
    """landlock_add_rule(2): allow something that the set otherwise forbids.

    ruleset_fd: a descriptor of landlock_create_ruleset.
    rule_type: flags.LandlockRuleType, which says what target is.
    allowed_access: some of what the set handles.
    target: for LANDLOCK_RULE_PATH_BENEATH a file or the top of a tree: its path, or a descriptor
        (parent_fd); for LANDLOCK_RULE_NET_PORT the number of a port.
    flags: flags.LandlockAddRuleFlags.

    Returns None.

    Raises: for a path those of openat, too. Since Linux 5.13.
    """
    rule_type = integers.integer("landlock_add_rule: rule_type", rule_type)
    if rule_type == _NET_PORT:
        port = memory.made(
            "landlock_add_rule",
            structures.landlock_net_port_attr,
            {"port": "target"},
            allowed_access=allowed_access,
            port=target,
        )
        direct.landlock_add_rule(ruleset_fd, rule_type, port, flags)
        return
    if rule_type != _PATH_BENEATH:
        raise ValueError(
            f"landlock_add_rule: rule_type: {integers.shown(rule_type)} is not known here: "
            "see direct.landlock_add_rule"
        )
    rule = memory.made(
        "landlock_add_rule", structures.landlock_path_beneath_attr, allowed_access=allowed_access
    )
    opened = -1
    if text.is_path(target):
        path = text.encoded("landlock_add_rule: target", target)
        rule.parent_fd = opened = direct.openat(AT_FDCWD, path, O_PATH | O_CLOEXEC, 0)
    else:
        rule.parent_fd = descriptors.path_or_descriptor("landlock_add_rule: target", target)
    try:
        direct.landlock_add_rule(ruleset_fd, rule_type, rule, flags)
    finally:
        if opened >= 0:
            direct.close(opened)


@documented_call
def landlock_restrict_self(ruleset_fd: Descriptor, flags: int = 0) -> None:
    """landlock_restrict_self(2): apply a set to the calling thread and what it starts from now on, for good.

    ruleset_fd: a descriptor of landlock_create_ruleset.
    flags: flags.LandlockRestrictFlags; LANDLOCK_RESTRICT_SELF_TSYNC is for all threads of the process.

    The thread needs prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), or CAP_SYS_ADMIN.

    Returns None.

    Since Linux 5.13.
    """
    direct.landlock_restrict_self(ruleset_fd, flags)
