#include <stdio.h>
#include <sys/ioctl.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif
#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ULL
#endif
#ifndef CLONE_CLEAR_SIGHAND
#define CLONE_CLEAR_SIGHAND 0x100000000ULL
#endif
#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC 4
#endif
#ifndef NS_GET_NSTYPE
#define NS_GET_NSTYPE _IO(0xb7, 0x3)
#endif
#ifndef AT_EMPTY_PATH
#define AT_EMPTY_PATH 0x1000
#endif
#ifndef PR_CAP_AMBIENT
#define PR_CAP_AMBIENT 47
#define PR_CAP_AMBIENT_RAISE 2
#endif
/* 16-bit ids live on under the plain names where the kernel is that old. */
#ifndef NR_setgroups32
#define NR_setgroups32 NR_setgroups
#define NR_setresgid32 NR_setresgid
#define NR_setresuid32 NR_setresuid
#endif

/* The child's until its exec, of its parent's. It is shallow, and all signals are blocked: a quarter of
   this is enough. */
#define SPAWN_STACK 16384

/* What the child tells. */
struct spawn_report {
    int error;
    const char *step, *call;
    pid_t pid;                  /* of the process that a middle one made */
};

/* What the child is given, ready to use. It shares the parent's memory, in which other threads may hold
   any lock: from here on there are only system calls and what the C library does without locks. */
struct spawn_child {
    const struct pysys_spawn *r;
    char **programs, **argv, **envp;
    int *sources;               /* the child's own copy: it moves what is in the way */
    unsigned long *cpus;
    size_t cpus_size;
    sigset_t mask;              /* what the program starts with */
    pid_t parent;
    int joined;                 /* CLONE_NEW* of the namespaces that are entered */
    int enters_cgroup;          /* by itself: without clone3 */
    int channel;                /* to the parent, -1: none */
    int parents_end;
    int handlers_cleared;       /* by the kernel */
    int ran;                    /* set by the child, and seen by the parent where they share memory */
    struct spawn_report *report, own_report;
};

/* Whether CLONE_VM shares memory, as has been seen once. Valgrind and user-mode emulators make a fork of
   a vfork; until it is known, the report goes through memory that a fork shares as well. */
static int vfork_shares_memory;

static void spawn_fail(struct spawn_child *c, const char *step, const char *call)
{
    c->report->error = errno;
    c->report->step = step;
    c->report->call = call;
    syscall(NR_exit_group, 127);
}

static int has_signal(const uint64_t *set, int number)
{
    return (set[(number - 1) / 64] >> ((number - 1) % 64)) & 1;
}

/* ---- the child's steps ---- */

/* A process is in the PID namespace in which it was made. So the one that enters another makes the child
   there, as a sibling of its own, and ends. */
static void spawn_through_middle(struct spawn_child *c)
{
    long pid = raw_clone(CLONE_PARENT | CLONE_VFORK | SIGCHLD, NULL, NULL);
    if (pid == -1)
        spawn_fail(c, "join_namespaces", "clone");
    if (pid == 0)
        return;
    c->report->pid = (pid_t)pid;
    syscall(NR_exit_group, 0);
}

static void spawn_enter_cgroup(struct spawn_child *c)
{
    int file = openat(c->r->cgroup, "cgroup.procs", O_WRONLY | O_CLOEXEC);
    if (file == -1)
        spawn_fail(c, "cgroup", "openat");
    if (write(file, "0", 1) == -1)
        spawn_fail(c, "cgroup", "write");
    close(file);
}

static void spawn_join(struct spawn_child *c)
{
    const struct pysys_spawn *r = c->r;
    for (size_t i = 0; i < r->joins; i++)
        if (syscall(NR_setns, r->join[i], r->join_flags[i]) == -1)
            spawn_fail(c, "join_namespaces", "setns");
    if (c->joined & CLONE_NEWPID)
        spawn_through_middle(c);
}

/* Out of the way of the first so many targets, if one of them overwrites it: above all of them. */
static void spawn_move(struct spawn_child *c, int *descriptor, size_t upto)
{
    const struct pysys_spawn *r = c->r;
    for (size_t i = 0; i < upto; i++) {
        if (r->targets[i] != *descriptor || r->targets[i] == r->sources[i])
            continue;
        *descriptor = fcntl(*descriptor, F_DUPFD_CLOEXEC, r->targets[r->maps - 1] + 1);
        if (*descriptor == -1)
            spawn_fail(c, "fds", "fcntl");
        return;
    }
}

/* Which of spawn's parameters an entry comes from; Python knows better where `fds` has one of these. */
static const char *spawn_map_name(int target)
{
    return target == 0 ? "stdin" : target == 1 ? "stdout" : target == 2 ? "stderr" : "fds";
}

static void spawn_map(struct spawn_child *c, int *cwd_fd, int *program_fd)
{
    const struct pysys_spawn *r = c->r;
    if (r->asked & PYSYS_SPAWN_CWD_FD)
        spawn_move(c, cwd_fd, r->maps);
    if (r->asked & PYSYS_SPAWN_PROGRAM_FD)
        spawn_move(c, program_fd, r->maps);
    if (c->channel != -1)
        spawn_move(c, &c->channel, r->maps);
    for (size_t i = 0; i < r->maps; i++)
        spawn_move(c, &c->sources[i], i);
    for (size_t i = 0; i < r->maps; i++) {
        if (c->sources[i] != r->targets[i]) {
            if (syscall(NR_dup3, c->sources[i], r->targets[i], 0) == -1)
                spawn_fail(c, spawn_map_name(r->targets[i]), "dup3");
        } else if (fcntl(r->targets[i], F_SETFD, 0) == -1) {
            spawn_fail(c, spawn_map_name(r->targets[i]), "fcntl");
        }
    }
}

static void close_on_exec(const struct pysys_spawn *r, int descriptor)
{
    for (size_t i = 0; i < r->maps; i++)
        if (r->targets[i] == descriptor)
            return;
    if (descriptor > 2)
        fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

/* Where close_range is missing or cannot mark: the descriptors that /proc lists, else all that may be. */
static void spawn_close_one_by_one(const struct pysys_spawn *r)
{
    struct entry { uint64_t inode, offset; unsigned short length; unsigned char type; char name[]; };
    char buffer[2048] __attribute__((aligned(8)));
    struct rlimit limit = {1024, 1024};
    int directory = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    long size = -1;
    while (directory != -1 && (size = syscall(NR_getdents64, directory, buffer, sizeof buffer)) > 0)
        for (long at = 0; at < size;) {
            struct entry *entry = (struct entry *)(buffer + at);
            int descriptor = 0;
            for (const char *digit = entry->name; *digit; digit++)
                descriptor = *digit >= '0' && *digit <= '9' ? descriptor * 10 + (*digit - '0') : -1;
            close_on_exec(r, descriptor);
            at += entry->length;
        }
    if (directory != -1)
        close(directory);
    if (size == 0)
        return;
    getrlimit(RLIMIT_NOFILE, &limit);
    for (rlim_t descriptor = 3; descriptor < limit.rlim_cur && descriptor < INT_MAX; descriptor++)
        close_on_exec(r, (int)descriptor);
}

/* Mark, not close: what the steps to come and the parent need lives on until the exec. */
static void spawn_close(struct spawn_child *c)
{
    const struct pysys_spawn *r = c->r;
    unsigned first = 3;
    for (size_t i = 0; i <= r->maps; i++) {
        unsigned next = i < r->maps ? (unsigned)r->targets[i] : UINT_MAX;
        if (next < first)
            continue;
        if ((next > first || i == r->maps) &&
            syscall(NR_close_range, first, i < r->maps ? next - 1 : next, CLOSE_RANGE_CLOEXEC) == -1) {
            spawn_close_one_by_one(r);
            return;
        }
        first = next + 1;
    }
}

static void spawn_limits(struct spawn_child *c)
{
    const struct pysys_spawn *r = c->r;
    for (size_t i = 0; i < r->rlimits; i++) {
        uint64_t limit[2] = {r->rlimit[i].soft, r->rlimit[i].hard};
        if (syscall(NR_prlimit64, 0, r->rlimit[i].resource, limit, NULL) == -1)
            spawn_fail(c, "rlimits", "prlimit64");
    }
    if (r->asked & PYSYS_SPAWN_PRIORITY && syscall(NR_setpriority, PRIO_PROCESS, 0, r->priority) == -1)
        spawn_fail(c, "priority", "setpriority");
    if (c->cpus && syscall(NR_sched_setaffinity, 0, c->cpus_size, c->cpus) == -1)
        spawn_fail(c, "affinity", "sched_setaffinity");
    if (r->asked & PYSYS_SPAWN_UMASK)
        umask(r->umask);
}

static void spawn_chdir(struct spawn_child *c, int cwd_fd)
{
    const struct pysys_spawn *r = c->r;
    if (r->cwd && chdir(r->cwd) == -1)
        spawn_fail(c, "cwd", "chdir");
    if (r->asked & PYSYS_SPAWN_CWD_FD && fchdir(cwd_fd) == -1)
        spawn_fail(c, "cwd", "fchdir");
}

static void spawn_root_and_user(struct spawn_child *c, int cwd_fd)
{
    const struct pysys_spawn *r = c->r;
    int changes = (r->asked & (PYSYS_SPAWN_GROUPS | PYSYS_SPAWN_GID | PYSYS_SPAWN_UID)) != 0;
    if (r->chroot && (chroot(r->chroot) == -1 || (!r->cwd && chdir("/") == -1)))
        spawn_fail(c, "chroot", "chroot");
    /* As subprocess does, before the privileges go; where this user may not, the other one perhaps may. */
    int entered = !changes || !r->cwd || chdir(r->cwd) == 0 || errno != EACCES;
    if (entered)
        spawn_chdir(c, cwd_fd);
    if (r->ambient_caps && r->asked & PYSYS_SPAWN_UID && prctl(PR_SET_KEEPCAPS, 1L, 0L, 0L, 0L) == -1)
        spawn_fail(c, "ambient_caps", "prctl");
    if (r->asked & PYSYS_SPAWN_GROUPS && syscall(NR_setgroups32, r->groups, r->group) == -1)
        spawn_fail(c, "extra_groups", "setgroups");
    if (r->asked & PYSYS_SPAWN_GID && syscall(NR_setresgid32, r->gid, r->gid, r->gid) == -1)
        spawn_fail(c, "group", "setresgid");
    if (r->asked & PYSYS_SPAWN_UID && syscall(NR_setresuid32, r->uid, r->uid, r->uid) == -1)
        spawn_fail(c, "user", "setresuid");
    if (!entered)
        spawn_chdir(c, cwd_fd);
}

/* Ambient capabilities must be permitted and inheritable. */
static void spawn_capabilities(struct spawn_child *c)
{
    struct { uint32_t version; int pid; } header = {0x20080522, 0};
    struct { uint32_t effective, permitted, inheritable; } data[2];
    uint64_t caps = c->r->ambient_caps;
    if (syscall(NR_capget, &header, data) == -1)
        spawn_fail(c, "ambient_caps", "capget");
    data[0].inheritable |= (uint32_t)caps;
    data[1].inheritable |= (uint32_t)(caps >> 32);
    if (syscall(NR_capset, &header, data) == -1)
        spawn_fail(c, "ambient_caps", "capset");
    for (int number = 0; number < 64; number++)
        if (caps >> number & 1 && prctl(PR_CAP_AMBIENT, (long)PR_CAP_AMBIENT_RAISE, (long)number, 0L, 0L) == -1)
            spawn_fail(c, "ambient_caps", "prctl");
}

static void spawn_death_signal(struct spawn_child *c)
{
    int signal_number = c->r->pdeathsig;
    if (prctl(PR_SET_PDEATHSIG, (long)signal_number, 0L, 0L, 0L) == -1)
        spawn_fail(c, "pdeathsig", "prctl");
    /* The parent may have ended before that. It cannot be seen from another PID namespace. */
    pid_t parent = getppid();
    if (parent != c->parent && parent != 0)
        syscall(NR_kill, getpid(), signal_number);
}

static void spawn_signals(struct spawn_child *c)
{
    const struct pysys_spawn *r = c->r;
    struct sigaction action;
    memset(&action, 0, sizeof action);
    for (int number = 1; number < NSIG && number <= 128; number++) {
        int restored = r->asked & PYSYS_SPAWN_RESTORE_SIGNALS && (number == SIGPIPE || number == SIGXFSZ);
        if (has_signal(r->signals_ignored, number))
            action.sa_handler = SIG_IGN;
        else if ((restored || has_signal(r->signals_default, number)) && number != SIGKILL && number != SIGSTOP)
            action.sa_handler = SIG_DFL;
        else
            continue;
        if (sigaction(number, &action, NULL) == -1)
            spawn_fail(c, action.sa_handler == SIG_IGN ? "signals_ignored" : "signals_default", "rt_sigaction");
    }
}

/* Where no candidate can be executed, the first reason that is not its absence. */
static void spawn_exec(struct spawn_child *c, int program_fd)
{
    int reason = 0;
    if (c->r->asked & PYSYS_SPAWN_PROGRAM_FD) {
        syscall(NR_execveat, program_fd, "", c->argv, c->envp, AT_EMPTY_PATH);
        spawn_fail(c, "executable", "execveat");
    }
    for (char **program = c->programs; *program; program++) {
        execve(*program, c->argv, c->envp);
        if (errno != ENOENT && errno != ENOTDIR && !reason)
            reason = errno;
    }
    if (reason)
        errno = reason;
    spawn_fail(c, "executable", "execve");
}

static int spawn_child(void *context)
{
    struct spawn_child *c = context;
    const struct pysys_spawn *r = c->r;
    int cwd_fd = r->cwd_fd, program_fd = r->program_fd;
    char byte;
    c->ran = 1;
    if (!c->handlers_cleared)
        default_caught_signals();
    if (c->channel != -1) {
        close(c->parents_end);
        if (read(c->channel, &byte, 1) != 1)    /* the parent has ended, or has no map for this child */
            syscall(NR_exit_group, 127);
    }
    if (c->enters_cgroup)
        spawn_enter_cgroup(c);
    spawn_join(c);
    if (r->asked & PYSYS_SPAWN_SESSION && setsid() == -1)
        spawn_fail(c, "start_new_session", "setsid");
    if (r->asked & PYSYS_SPAWN_PROCESS_GROUP && setpgid(0, r->process_group) == -1)
        spawn_fail(c, "process_group", "setpgid");
    if (r->asked & PYSYS_SPAWN_TERMINAL && ioctl(r->terminal, TIOCSCTTY, 0) == -1)
        spawn_fail(c, "controlling_terminal", "ioctl");
    if (r->maps)
        spawn_map(c, &cwd_fd, &program_fd);
    if (r->asked & PYSYS_SPAWN_CLOSE)
        spawn_close(c);
    spawn_limits(c);
    spawn_root_and_user(c, cwd_fd);
    if (r->ambient_caps)
        spawn_capabilities(c);
    if (r->asked & PYSYS_SPAWN_NO_NEW_PRIVS && prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) == -1)
        spawn_fail(c, "no_new_privs", "prctl");
    if (r->pdeathsig)
        spawn_death_signal(c);
    spawn_signals(c);
    restore_signals(&c->mask);
    spawn_exec(c, program_fd);
    return 127;
}

/* ---- the parent: making the process ---- */

static struct pysys_clone_args spawn_args(const struct spawn_child *c, uint64_t flags, int *pidfd)
{
    struct pysys_clone_args args;
    memset(&args, 0, sizeof args);
    args.flags = flags;
    args.exit_signal = SIGCHLD;
    args.pidfd = (uintptr_t)pidfd;
    if (c->r->asked & PYSYS_SPAWN_CGROUP && !c->enters_cgroup) {
        args.flags |= CLONE_INTO_CGROUP;
        args.cgroup = (uint64_t)c->r->cgroup;
    }
    return args;
}

/* clone3 has no function in the C library, and where memory is shared a child must not return from
   syscall(): the way back is on the stack. It saves the child a look at each signal's handler, and a
   fork's cost with cgroup=. */
#if defined(__x86_64__) && !defined(__ILP32__)
#define HAS_SHARED_CLONE3 1
static long shared_clone3(struct spawn_child *c, uint64_t flags, int *pidfd, char *stack)
{
    struct pysys_clone_args args = spawn_args(c, flags | CLONE_VM | CLONE_VFORK | CLONE_CLEAR_SIGHAND, pidfd);
    register int (*child)(void *) __asm__("r12") = spawn_child;
    register struct spawn_child *context __asm__("r13") = c;
    long pid;
    args.stack = (uintptr_t)stack;
    args.stack_size = SPAWN_STACK;
    c->handlers_cleared = 1;
    __asm__ volatile("syscall\n\t"
                     "test %%rax, %%rax\n\t"
                     "jnz 1f\n\t"
                     "xor %%ebp, %%ebp\n\t"
                     "mov %%r13, %%rdi\n\t"
                     "call *%%r12\n\t"
                     "hlt\n"
                     "1:"
                     : "=a"(pid)
                     : "0"((long)NR_clone3), "D"(&args), "S"(sizeof args), "r"(child), "r"(context)
                     : "rcx", "r11", "cc", "memory");
    if (pid >= 0)
        return pid;
    c->handlers_cleared = 0;
    errno = (int)-pid;
    return -1;
}
#else
#define HAS_SHARED_CLONE3 0
static long shared_clone3(struct spawn_child *c, uint64_t flags, int *pidfd, char *stack)
{
    (void)c, (void)flags, (void)pidfd, (void)stack;
    errno = ENOSYS;
    return -1;
}
#endif

/* The child in this memory, on a part of this stack; its caller is suspended until the exec. */
static long spawn_shared(struct spawn_child *c, uint64_t flags, int *pidfd)
{
    char stack[SPAWN_STACK] __attribute__((aligned(64)));
    long pid = shared_clone3(c, flags, pidfd, stack);
    /* Missing, filtered, or of a kernel that cannot clear the handlers: clone can say the same. */
    if (pid == -1 && (errno == ENOSYS || errno == EPERM || errno == EINVAL) &&
        (c->enters_cgroup || !(c->r->asked & PYSYS_SPAWN_CGROUP)))
        pid = clone(spawn_child, stack + sizeof stack, (int)(flags | CLONE_VM | CLONE_VFORK | SIGCHLD), c, pidfd,
                    NULL, NULL);
    if (pid != -1 && c->ran)
        vfork_shares_memory = 1;
    return pid;
}

/* The child on a copy, for what neither of those can say and what a suspended parent could not do. */
static long spawn_copied(struct spawn_child *c, uint64_t flags, int *pidfd)
{
    long pid;
    if (c->channel == -1)
        flags |= CLONE_VFORK;
    struct pysys_clone_args args = spawn_args(c, flags, pidfd);
    if (args.flags & (CLONE_INTO_CGROUP | CLONE_NEWTIME))
        pid = raw_clone3(&args, sizeof args);
    else
        pid = raw_clone(flags | SIGCHLD, pidfd, NULL);
    if (pid == 0)
        spawn_child(c);
    return pid;
}

/* What must not be done in shared memory: what clone cannot say, what the parent has to help with, and a
   change of credentials, for which the kernel would mark the memory, the parent's too, as not to be dumped
   or traced. */
static int spawn_needs_copy(const struct spawn_child *c)
{
    const struct pysys_spawn *r = c->r;
#ifdef __hppa__     /* its stacks grow up */
    return 1;
#endif
    return r->uid_map || r->gid_map || r->namespaces & CLONE_NEWTIME ||
           c->joined & (CLONE_NEWUSER | CLONE_NEWTIME) ||
           r->asked & (PYSYS_SPAWN_GROUPS | PYSYS_SPAWN_GID | PYSYS_SPAWN_UID) ||
           (r->asked & PYSYS_SPAWN_CGROUP && !HAS_SHARED_CLONE3);
}

static long spawn_process(struct spawn_child *c, uint64_t flags, int *pidfd)
{
    return spawn_needs_copy(c) ? spawn_copied(c, flags, pidfd) : spawn_shared(c, flags, pidfd);
}

static long spawn_create(struct spawn_child *c, struct pysys_spawn *r)
{
    int wants_pidfd = r->asked & PYSYS_SPAWN_PIDFD && !(c->joined & CLONE_NEWPID);
    uint64_t flags = r->namespaces | (wants_pidfd ? CLONE_PIDFD : 0);
    r->call = r->asked & PYSYS_SPAWN_CGROUP || flags & CLONE_NEWTIME ? "clone3" : "clone";
    long pid = spawn_process(c, flags, &r->pidfd);
    /* No clone3, or one before Linux 5.7, or EBADF: not of the one hierarchy that clone3 knows, but perhaps
       of an older one. */
    if (pid == -1 && r->asked & PYSYS_SPAWN_CGROUP &&
        (errno == ENOSYS || errno == E2BIG || errno == EINVAL || errno == EBADF ||
         (errno == EPERM && pysys_clone3_is_filtered()))) {
        c->enters_cgroup = 1;
        pid = spawn_process(c, flags, &r->pidfd);
    }
    if (pid == -1 && errno == EINVAL && wants_pidfd)    /* before Linux 5.3 */
        pid = spawn_process(c, flags & ~(uint64_t)CLONE_PIDFD, &r->pidfd);
    return pid;
}

/* ---- the parent: user id maps ---- */

static int write_proc(struct pysys_spawn *r, pid_t pid, const char *name, const char *text)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    int file = open(path, O_WRONLY | O_CLOEXEC);
    r->call = "open";
    if (file == -1)
        return -1;
    r->call = "write";
    ssize_t written = write(file, text, strlen(text));
    int reason = errno;
    close(file);
    errno = reason;
    return written == -1 ? -1 : 0;
}

/* setgroups is denied only where the kernel asks for that: to a caller without CAP_SETGID. */
static int write_maps(struct pysys_spawn *r, pid_t pid)
{
    r->step = "gid_map";
    if (r->gid_map && write_proc(r, pid, "gid_map", r->gid_map) == -1 &&
        (errno != EPERM || write_proc(r, pid, "setgroups", "deny") == -1 ||
         write_proc(r, pid, "gid_map", r->gid_map) == -1))
        return -1;
    r->step = "uid_map";
    if (r->uid_map && write_proc(r, pid, "uid_map", r->uid_map) == -1)
        return -1;
    r->step = NULL;
    return 0;
}

/* Let the child go on with its maps, and wait until it has exec'd or ended: its end is closed then. */
static long spawn_with_maps(struct spawn_child *c, struct pysys_spawn *r, long pid)
{
    char byte = 0;
    if (write_maps(r, (pid_t)pid) == -1) {
        long error = -errno;
        kill((pid_t)pid, SIGKILL);
        reap((pid_t)pid);
        return error;
    }
    close(c->channel);
    c->channel = -1;
    send(c->parents_end, &byte, 1, MSG_NOSIGNAL);
    while (read(c->parents_end, &byte, 1) == -1 && errno == EINTR)
        ;
    return pid;
}

/* ---- the parent: preparation ---- */

/* Pointers to strings that follow one another; where the pointers end. */
static char **spawn_strings(char **pointer, const char *strings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        *pointer++ = (char *)strings;
        strings += strlen(strings) + 1;
    }
    *pointer++ = NULL;
    return pointer;
}

/* A copy of the environment in one block: os.putenv in another thread must not move it meanwhile. That
   thread holds the GIL. */
static char **copy_environment(void)
{
    PyGILState_STATE gil = PyGILState_Ensure();
    size_t count = 0, size = 0;
    for (char **variable = environ; variable && *variable; variable++, count++)
        size += strlen(*variable) + 1;
    char **copy = malloc((count + 1) * sizeof *copy + size);
    if (copy) {
        char *text = (char *)(copy + count + 1);
        for (size_t i = 0; i < count; i++) {
            copy[i] = text;
            text = stpcpy(text, environ[i]) + 1;
        }
        copy[count] = NULL;
    }
    PyGILState_Release(gil);
    return copy;
}

static int namespace_types(const struct pysys_spawn *r)
{
    int types = 0;
    for (size_t i = 0; i < r->joins; i++) {
        int type = r->join_flags[i] ? r->join_flags[i] : ioctl(r->join[i], NS_GET_NSTYPE);
        /* Before Linux 4.11, and in 32-bit processes of a 64-bit 6.1: as what needs the most care. */
        types |= type != -1 ? type : CLONE_NEWUSER | CLONE_NEWPID;
    }
    return types;
}

static void spawn_mask(struct spawn_child *c, const sigset_t *callers)
{
    c->mask = *callers;
    if (!(c->r->asked & PYSYS_SPAWN_MASK))
        return;
    sigemptyset(&c->mask);
    for (int number = 1; number < NSIG && number <= 128; number++)
        if (has_signal(c->r->signal_mask, number))
            sigaddset(&c->mask, number);
}

/* Everything in one block, which is the child's as well: pointers, CPU set, descriptors. */
static void *spawn_prepare(struct spawn_child *c, const char *programs, const char *argv, const char *env)
{
    const struct pysys_spawn *r = c->r;
    size_t pointers = r->programs + r->argc + (env ? r->envc : 0) + 3, cpus = 0;
    for (size_t i = 0; i < r->cpus; i++)
        if ((size_t)r->cpu[i] / (8 * sizeof(long)) >= cpus)
            cpus = (size_t)r->cpu[i] / (8 * sizeof(long)) + 1;
    char **block = calloc(1, pointers * sizeof *block + cpus * sizeof(long) + r->maps * sizeof(int));
    if (!block)
        return NULL;
    c->programs = block;
    c->argv = spawn_strings(c->programs, programs, r->programs);
    c->envp = spawn_strings(c->argv, argv, r->argc);
    unsigned long *cpu_set = (unsigned long *)(block + pointers);
    for (size_t i = 0; i < r->cpus; i++)
        cpu_set[(size_t)r->cpu[i] / (8 * sizeof(long))] |= 1UL << (size_t)r->cpu[i] % (8 * sizeof(long));
    c->cpus = r->cpus ? cpu_set : NULL;
    c->cpus_size = cpus * sizeof(long);
    c->sources = (int *)(cpu_set + cpus);
    if (r->maps)
        memcpy(c->sources, r->sources, r->maps * sizeof(int));
    if (env)
        spawn_strings(c->envp, env, r->envc);
    else
        c->envp = copy_environment();
    return block;
}

/* A child that did not get to its program is reaped here: nobody else knows of it. */
static long spawn_outcome(struct spawn_child *c, struct pysys_spawn *r, long pid)
{
    if (c->joined & CLONE_NEWPID) {     /* that was the middle process */
        reap((pid_t)pid);
        if (!c->report->pid && !c->report->error) {
            c->report->error = EAGAIN;  /* killed before it could tell */
            c->report->call = "clone";
        }
        pid = c->report->pid;
        if (r->asked & PYSYS_SPAWN_PIDFD && pid)
            r->pidfd = (int)syscall(NR_pidfd_open, pid, 0);
    }
    if (!c->report->error) {
        r->step = r->call = NULL;
        return pid;
    }
    if (pid)
        reap((pid_t)pid);
    r->step = c->report->step;
    r->call = c->report->call;
    return -c->report->error;
}

static long spawn_with(struct spawn_child *c, struct pysys_spawn *r)
{
    sigset_t signals = block_signals();
    spawn_mask(c, &signals);
    long pid = spawn_create(c, r);
    long result = pid == -1 ? -errno : pid;
    if (result > 0 && c->channel != -1)
        result = spawn_with_maps(c, r, pid);
    if (result > 0)
        result = spawn_outcome(c, r, pid);
    restore_signals(&signals);
    return result;
}

long pysys_spawn(struct pysys_spawn *r, const char *programs, const char *argv, const char *env)
{
    struct spawn_child c;
    int channel[2] = {-1, -1};
    long result;
    memset(&c, 0, sizeof c);
    c.r = r;
    c.channel = c.parents_end = -1;
    c.parent = getpid();
    c.joined = namespace_types(r);
    c.report = &c.own_report;
    r->pidfd = -1;
    r->step = r->call = NULL;
    if (!vfork_shares_memory || spawn_needs_copy(&c) || c.joined & CLONE_NEWPID)
        c.report = mmap(NULL, sizeof *c.report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    void *block = spawn_prepare(&c, programs, argv, env);
    if (c.report == MAP_FAILED || !block || !c.envp) {
        result = -ENOMEM;
    } else if ((r->uid_map || r->gid_map) && socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel) == -1) {
        result = -errno;
        r->call = "socketpair";
    } else {
        c.channel = channel[1];
        c.parents_end = channel[0];
        result = spawn_with(&c, r);
    }
    if (result < 0 && r->pidfd != -1) {
        close(r->pidfd);
        r->pidfd = -1;
    }
    if (channel[0] != -1)
        close(channel[0]);
    if (c.channel != -1)
        close(c.channel);
    if (!env)
        free(c.envp);
    free(block);
    if (c.report != &c.own_report && c.report != MAP_FAILED)
        munmap(c.report, sizeof *c.report);
    return result;
}
