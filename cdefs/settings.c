#include <net/if.h>
#include <sys/ioctl.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#ifndef PR_CAP_AMBIENT
#define PR_CAP_AMBIENT 47
#define PR_CAP_AMBIENT_RAISE 2
#endif
#ifndef PR_CAP_AMBIENT_CLEAR_ALL
#define PR_CAP_AMBIENT_CLEAR_ALL 4
#endif
#ifndef PR_SET_CHILD_SUBREAPER
#define PR_SET_CHILD_SUBREAPER 36
#endif
#ifndef PR_SET_NO_NEW_PRIVS
#define PR_SET_NO_NEW_PRIVS 38
#endif

#define CAPABILITY_VERSION 0x20080522
#define CAPABILITY_OF_FILTERS 21        /* CAP_SYS_ADMIN */
#define CAPABILITIES 64                 /* bits in a set of the kernel's */
#define FILTER_MODE 1                   /* SECCOMP_SET_MODE_FILTER */
#define NEW_LISTENER 8                  /* SECCOMP_FILTER_FLAG_NEW_LISTENER */
#define IO_PRIORITY_PROCESS 1           /* IOPRIO_WHO_PROCESS */
#define JOIN_SESSION_KEYRING 1          /* KEYCTL_JOIN_SESSION_KEYRING */
#define RULESET_VERSION 1               /* LANDLOCK_CREATE_RULESET_VERSION */
#define RULE_PATH_BENEATH 1             /* LANDLOCK_RULE_* */
#define RULE_NET_PORT 2
/* Rights that a file other than a directory has: EXECUTE, WRITE_FILE, READ_FILE, TRUNCATE, IOCTL_DEV, RESOLVE_UNIX. */
#define RIGHTS_OF_A_FILE (0x7 | 1 << 14 | 1 << 15 | 1 << 16)

/* Which call failed, and for which parameter of spawn; `element` is as in struct pysys_spawn. */
struct failure {
    const char *step, *call;
    int element;
};

/* The functions below return 0; or -1, and set errno and the failure. Those of the child make only system calls,
   through syscall(), because it may share the parent's memory. */
static int failed_at(struct failure *why, const char *step, const char *call)
{
    why->step = step;
    why->call = call;
    return -1;
}

/* ---- the child: its new namespaces, and its files in /proc ---- */

static int set_loopback_up(struct failure *why)
{
    struct ifreq request = {.ifr_name = "lo"};
    long any = syscall(NR_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);   /* each kind takes requests of interfaces */
    if (any == -1)
        return failed_at(why, "loopback", "socket");
    request.ifr_flags = IFF_UP;
    long done = syscall(NR_ioctl, any, SIOCSIFFLAGS, &request);
    int reason = errno;
    syscall(NR_close, any);
    errno = reason;
    return done == -1 ? failed_at(why, "loopback", "ioctl") : 0;
}

static int write_of_self(struct failure *why, const char *step, const char *path, const char *text, size_t size)
{
    /* In a mount namespace that was joined there may be a pipe instead, which nobody reads. */
    long file = syscall(NR_openat, AT_FDCWD, path, O_WRONLY | O_CLOEXEC | O_NONBLOCK);
    if (file == -1)
        return failed_at(why, step, "openat");
    long written = syscall(NR_write, file, text, size);
    int reason = errno;
    syscall(NR_close, file);
    errno = reason;
    return written == -1 ? failed_at(why, step, "write") : 0;
}

/* The offsets can be written as long as no process is in the namespace, which is why it is not made with the child. */
static int move_clocks(const struct pysys_settings *s, struct failure *why)
{
    if (syscall(NR_unshare, CLONE_NEWTIME) == -1)
        return failed_at(why, "time_offsets", "unshare");
    if (write_of_self(why, "time_offsets", "/proc/self/timens_offsets", s->time_offsets, s->time_offsets_size) == -1)
        return -1;
    long namespace = syscall(NR_openat, AT_FDCWD, "/proc/self/ns/time_for_children", O_RDONLY | O_CLOEXEC);
    if (namespace == -1)
        return failed_at(why, "time_offsets", "openat");
    long entered = syscall(NR_setns, namespace, CLONE_NEWTIME);
    int reason = errno;
    syscall(NR_close, namespace);
    errno = reason;
    return entered == -1 ? failed_at(why, "time_offsets", "setns") : 0;
}

/* Before other namespaces are joined, in which there may be no /proc, and no right to this. */
static int write_files_of_self(const struct pysys_settings *s, struct failure *why)
{
    if (s->oom_score_adj && write_of_self(why, "oom_score_adj", "/proc/self/oom_score_adj", s->oom_score_adj,
                                          s->oom_score_adj_size) == -1)
        return -1;
    if (s->coredump_filter && write_of_self(why, "coredump_filter", "/proc/self/coredump_filter",
                                            s->coredump_filter, s->coredump_filter_size) == -1)
        return -1;
    return 0;
}

static int set_up_before_joining(const struct pysys_settings *s, struct failure *why)
{
    if (s->hostname && syscall(NR_sethostname, s->hostname, s->hostname_size) == -1)
        return failed_at(why, "hostname", "sethostname");
    if (s->domainname && syscall(NR_setdomainname, s->domainname, s->domainname_size) == -1)
        return failed_at(why, "domainname", "setdomainname");
    if (s->asked & PYSYS_SETTINGS_LOOPBACK && set_loopback_up(why) == -1)
        return -1;
    if (s->time_offsets && move_clocks(s, why) == -1)
        return -1;
    return write_files_of_self(s, why);
}

/* ---- the child: what it is to the kernel ---- */

static int set_up_process(const struct pysys_settings *s, struct failure *why)
{
    if (s->asked & PYSYS_SETTINGS_PERSONALITY && syscall(NR_personality, s->personality) == -1)
        return failed_at(why, "personality", "personality");
    if (s->timer_slack && syscall(NR_prctl, PR_SET_TIMERSLACK, (unsigned long)s->timer_slack, 0L, 0L, 0L) == -1)
        return failed_at(why, "timer_slack", "prctl");
    if (s->asked & PYSYS_SETTINGS_SUBREAPER && syscall(NR_prctl, PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L) == -1)
        return failed_at(why, "child_subreaper", "prctl");
    if (s->asked & PYSYS_SETTINGS_SCHEDULING &&
        syscall(NR_sched_setscheduler, 0, s->policy, &s->policy_priority) == -1)
        return failed_at(why, "scheduling", "sched_setscheduler");
    if (s->asked & PYSYS_SETTINGS_IO_PRIORITY &&
        syscall(NR_ioprio_set, IO_PRIORITY_PROCESS, 0, s->io_priority) == -1)
        return failed_at(why, "io_priority", "ioprio_set");
    return 0;
}

static int join_keyring(const struct pysys_settings *s, struct failure *why)
{
    if (s->asked & PYSYS_SETTINGS_KEYRING && syscall(NR_keyctl, JOIN_SESSION_KEYRING, s->keyring) == -1)
        return failed_at(why, "keyring", "keyctl");
    return 0;
}

/* ---- the child: capabilities ---- */

struct capabilities {
    uint64_t effective, permitted, inheritable;
};

static int capabilities_get(struct capabilities *found)
{
    struct { uint32_t version; int pid; } header = {CAPABILITY_VERSION, 0};
    struct { uint32_t effective, permitted, inheritable; } data[2] = {{0, 0, 0}, {0, 0, 0}};
    if (syscall(NR_capget, &header, data) == -1)
        return -1;
    found->effective = data[0].effective | (uint64_t)data[1].effective << 32;
    found->permitted = data[0].permitted | (uint64_t)data[1].permitted << 32;
    found->inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32;
    return 0;
}

static int capabilities_set(const struct capabilities *wanted)
{
    struct { uint32_t version; int pid; } header = {CAPABILITY_VERSION, 0};
    struct { uint32_t effective, permitted, inheritable; } data[2] = {
        {(uint32_t)wanted->effective, (uint32_t)wanted->permitted, (uint32_t)wanted->inheritable},
        {(uint32_t)(wanted->effective >> 32), (uint32_t)(wanted->permitted >> 32),
         (uint32_t)(wanted->inheritable >> 32)},
    };
    return syscall(NR_capset, &header, data) == -1 ? -1 : 0;
}

/* Whether the change of the user has to leave the permitted ones, for what follows it. */
static int needs_capabilities(const struct pysys_settings *s)
{
    return (s->asked & (PYSYS_SETTINGS_BOUNDING | PYSYS_SETTINGS_PERMITTED | PYSYS_SETTINGS_INHERITABLE |
                        PYSYS_SETTINGS_AMBIENT | PYSYS_SETTINGS_SECUREBITS)) != 0;
}

/* From the highest that the kernel knows: below that, none may be left because the answer was an error. */
static int drop_from_bounding(uint64_t keep)
{
    int known = 0;
    for (long number = CAPABILITIES - 1; number >= 0; number--) {
        long found = syscall(NR_prctl, PR_CAPBSET_READ, number, 0L, 0L, 0L);
        if (found == -1 && (known || errno != EINVAL))
            return -1;
        known |= found != -1;
        if (found == 1 && !(keep >> number & 1) && syscall(NR_prctl, PR_CAPBSET_DROP, number, 0L, 0L, 0L) == -1)
            return -1;
    }
    if (!known)
        errno = EINVAL;
    return known ? 0 : -1;
}

static int raise_ambient(uint64_t wanted)
{
    for (long number = 0; number < CAPABILITIES; number++)
        if (wanted >> number & 1 &&
            syscall(NR_prctl, PR_CAP_AMBIENT, (long)PR_CAP_AMBIENT_RAISE, number, 0L, 0L) == -1)
            return -1;
    return 0;
}

static int set_ambient(uint64_t wanted)
{
    long cleared = syscall(NR_prctl, PR_CAP_AMBIENT, (long)PR_CAP_AMBIENT_CLEAR_ALL, 0L, 0L, 0L);
    return cleared == -1 ? -1 : raise_ambient(wanted);
}

/* Until the last step all that is permitted is effective, because dropping takes CAP_SETPCAP, which may be one of
   those that go. Returns what was effective before in `before`. */
static int restrict_capabilities(const struct pysys_settings *s, struct capabilities *before, struct failure *why)
{
    if (!needs_capabilities(s))
        return 0;
    if (capabilities_get(before) == -1)
        return failed_at(why, "capabilities", "capget");
    struct capabilities wanted = *before;
    wanted.effective = wanted.permitted;
    if (s->asked & PYSYS_SETTINGS_AMBIENT)
        wanted.inheritable |= s->ambient;       /* else they cannot be ambient */
    if (s->asked & PYSYS_SETTINGS_INHERITABLE)
        wanted.inheritable = s->inheritable;
    if ((wanted.effective != before->effective || wanted.inheritable != before->inheritable) &&
        capabilities_set(&wanted) == -1)
        return failed_at(why, "capabilities", "capset");
    if (s->asked & PYSYS_SETTINGS_BOUNDING && drop_from_bounding(s->bounding) == -1)
        return failed_at(why, "capabilities", "prctl");
    if (s->asked & PYSYS_SETTINGS_AMBIENT && set_ambient(s->ambient) == -1)
        return failed_at(why, "capabilities", "prctl");
    return 0;
}

static int finish_capabilities(const struct pysys_settings *s, const struct capabilities *before, struct failure *why)
{
    struct capabilities wanted;
    if (!needs_capabilities(s))
        return 0;
    if (s->asked & PYSYS_SETTINGS_SECUREBITS &&
        syscall(NR_prctl, PR_SET_SECUREBITS, (long)s->securebits, 0L, 0L, 0L) == -1)
        return failed_at(why, "securebits", "prctl");
    if (capabilities_get(&wanted) == -1)
        return failed_at(why, "capabilities", "capget");
    wanted.effective = before->effective;
    if (s->asked & PYSYS_SETTINGS_PERMITTED)
        wanted.effective = wanted.permitted = s->permitted;
    return capabilities_set(&wanted) == -1 ? failed_at(why, "capabilities", "capset") : 0;
}

/* ---- the child: Landlock and the filter ---- */

/* Both are for those who cannot gain privileges by a program any more, or who have CAP_SYS_ADMIN. */
static int give_up_new_privileges(const struct pysys_settings *s, int has_rules, struct failure *why)
{
    struct capabilities found;
    const char *step = has_rules ? "landlock" : "seccomp";
    if (!has_rules && !s->filter_size)
        return 0;
    if (capabilities_get(&found) == -1)
        return failed_at(why, step, "capget");
    if (!(found.effective >> CAPABILITY_OF_FILTERS & 1) &&
        syscall(NR_prctl, PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == -1)
        return failed_at(why, step, "prctl");
    return 0;
}

/* Stores the filter's listener, if it has one. */
static int confine(const struct pysys_settings *s, int ruleset, int *listener, struct failure *why)
{
    struct { unsigned short size; const void *filter; } program = {(unsigned short)s->filter_size, s->filter};
    if (ruleset != -1 && syscall(NR_landlock_restrict_self, ruleset, 0) == -1)
        return failed_at(why, "landlock", "landlock_restrict_self");
    if (!s->filter_size)
        return 0;
    long loaded = syscall(NR_seccomp, FILTER_MODE, s->filter_flags, &program);
    if (loaded == -1)
        return failed_at(why, "seccomp", "seccomp");
    if (s->filter_flags & NEW_LISTENER)
        __atomic_store_n(listener, (int)loaded, __ATOMIC_SEQ_CST);
    return 0;
}

/* ---- the parent: a ruleset of Landlock ---- */

struct landlock_sets {
    uint64_t files, ports, scoped;
};

/* What a version of Landlock knows. */
static struct landlock_sets landlock_of(int version)
{
    struct landlock_sets known = {0, 0, 0};
    if (version >= 1)
        known.files = (1 << 13) - 1;
    if (version >= 2)
        known.files |= 1 << 13;         /* REFER */
    if (version >= 3)
        known.files |= 1 << 14;         /* TRUNCATE */
    if (version >= 4)
        known.ports = 0x3;              /* BIND_TCP, CONNECT_TCP */
    if (version >= 5)
        known.files |= 1 << 15;         /* IOCTL_DEV */
    if (version >= 6)
        known.scoped = 0x3;             /* ABSTRACT_UNIX_SOCKET, SIGNAL */
    if (version >= 9)
        known.files |= 1 << 16;         /* RESOLVE_UNIX */
    if (version >= 10)
        known.ports |= 0xc;             /* BIND_UDP, CONNECT_SEND_UDP */
    return known;
}

static int add_path(int ruleset, const char *path, uint64_t rights, struct failure *why)
{
    struct { uint64_t rights; int32_t file; } __attribute__((packed)) rule = {rights, -1};
    rule.file = open(path, O_PATH | O_CLOEXEC);
    if (rule.file == -1)
        return failed_at(why, "landlock", "openat");
    long done = syscall(NR_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0);
    if (done == -1 && errno == EINVAL && rights & ~(uint64_t)RIGHTS_OF_A_FILE) {    /* not a directory */
        rule.rights &= RIGHTS_OF_A_FILE;
        done = rule.rights ? syscall(NR_landlock_add_rule, ruleset, RULE_PATH_BENEATH, &rule, 0) : 0;
    }
    int reason = errno;
    close(rule.file);
    errno = reason;
    return done == -1 ? failed_at(why, "landlock", "landlock_add_rule") : 0;
}

static int add_rules(const struct pysys_settings *s, int ruleset, const struct landlock_sets *handled,
                     struct failure *why)
{
    for (size_t i = 0; i < s->rules; i++) {
        struct { uint64_t rights, port; } rule = {s->rule[i].rights & handled->ports, s->rule[i].port};
        uint64_t rights = s->rule[i].rights & handled->files;
        why->element = (int)i;
        if (s->rule[i].path) {
            if (rights && add_path(ruleset, s->rule[i].path, rights, why) == -1)
                return -1;
        } else if (rule.rights && syscall(NR_landlock_add_rule, ruleset, RULE_NET_PORT, &rule, 0) == -1)
            return failed_at(why, "landlock", "landlock_add_rule");
    }
    why->element = -1;
    return 0;
}

/* Makes the ruleset that is asked for; -1 if there is nothing of it that this kernel knows. */
static int make_ruleset(const struct pysys_settings *s, int *ruleset, struct failure *why)
{
    long version = syscall(NR_landlock_create_ruleset, NULL, 0, RULESET_VERSION);
    if (version == -1) {
        if (s->landlock_abi > 0 || (errno != ENOSYS && errno != EOPNOTSUPP))
            return failed_at(why, "landlock", "landlock_create_ruleset");
        version = 0;
    }
    if (version < s->landlock_abi) {
        errno = EOPNOTSUPP;
        return failed_at(why, "landlock", "landlock_create_ruleset");
    }
    struct landlock_sets handled = landlock_of((int)version);
    if (!s->handles_files)
        handled.files = 0;
    handled.ports &= s->ports_handled;
    handled.scoped &= s->scoped;
    if (!handled.files && !handled.ports && !handled.scoped)
        return 0;
    /* An older kernel takes a longer structure if what it does not know is zero. */
    *ruleset = (int)syscall(NR_landlock_create_ruleset, &handled, sizeof handled, 0);
    if (*ruleset == -1)
        return failed_at(why, "landlock", "landlock_create_ruleset");
    return add_rules(s, *ruleset, &handled, why);
}
