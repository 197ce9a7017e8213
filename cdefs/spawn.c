#include <stdio.h>
#include <sys/utsname.h>

#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ULL
#endif
#ifndef CLONE_CLEAR_SIGHAND
#define CLONE_CLEAR_SIGHAND 0x100000000ULL
#endif
#ifndef CLOSE_RANGE_UNSHARE
#define CLOSE_RANGE_UNSHARE 2
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
/* On ABIs that once had 16-bit ids, the plain names still mean these. */
#ifndef NR_fcntl
#define NR_fcntl NR_fcntl64
#endif
#ifndef NR_ppoll
#define NR_ppoll NR_ppoll_time64
#endif
#ifndef NR_setgroups32
#define NR_setgroups32 NR_setgroups
#define NR_setresgid32 NR_setresgid
#define NR_setresuid32 NR_setresuid
#define NR_setfsuid32 NR_setfsuid
#define NR_setfsgid32 NR_setfsgid
#endif
#ifndef NR_geteuid32
#define NR_geteuid32 NR_geteuid
#define NR_getegid32 NR_getegid
#endif

/* The part of the parent's stack that the child uses until its exec. Its calls are not nested deeply, and all
   signals are blocked: a quarter of this is enough. */
#define SPAWN_STACK 16384

/* A file that another thread has just written is busy until the exec of any child that got a copy of the
   descriptor. The exec is tried again after pauses that double each time; this is the last one, in
   milliseconds. */
#define SPAWN_LONGEST_PAUSE 64

/* The default of /proc/sys/fs/nr_open, above which no limit of descriptors can be. */
#define SPAWN_USUAL_MOST_FILES (1 << 20)

/* How often parent and child, while they wait, see whether the other one still exists, in milliseconds. */
#define SPAWN_LOOK 50

/* The stages of a child whose parent writes its id maps. */
#define SPAWN_NEEDS_MAPS 0
#define SPAWN_BE_DUMPABLE 1     /* otherwise the parent may not open the files in /proc */
#define SPAWN_IS_DUMPABLE 2
#define SPAWN_HAS_MAPS 3

/* What the child reports. */
struct spawn_report {
    int error, element;
    const char *step, *call;
    pid_t pid;                  /* of the process that a middle process made */
    int took_foreground;
    unsigned maps;              /* SPAWN_NEEDS_MAPS and so on, a futex */
    struct handover handover;   /* of a listener */
    /* A robust futex that the child owns: the kernel marks it when the child execs or ends. Unlike a pipe, a fork
       in another thread cannot inherit it. */
    unsigned running;
    struct robust_list held;
    struct robust_list_head robust;
    char message[PYSYS_MOUNTS_MESSAGE];
};

struct spawn_child;
/* What the steps do besides if this process makes them, in the place of a child (in_place.c). */
struct spawn_in_place {
    void (*unshare)(struct spawn_child *);
    void (*copied)(struct spawn_child *, int descriptor);
    void (*fail)(struct spawn_child *);     /* does not return */
};
static long spawn_in_place(struct spawn_child *c, struct pysys_spawn *r);

/* Everything that the child needs, prepared. It shares the parent's memory, in which other threads may hold any
   lock, so the child makes only system calls, through syscall(). */
struct spawn_child {
    const struct pysys_spawn *r;
    char **programs, **argv, **envp;
    int *sources;               /* a copy: the child moves descriptors that are in the way */
    unsigned long *cpus;
    size_t cpus_size;
    signal_set mask;            /* of the program when it starts */
    signal_set callers_mask;
    pid_t parent;
    int joined;                 /* CLONE_NEW*: the kinds of namespaces that are entered */
    int cgroup;
    int ruleset;                /* of Landlock; -1: none */
    int enters_cgroup;          /* the child does it: without clone3 */
    int waits;                  /* for the parent, which has to do something meanwhile */
    int through_middle;         /* a middle process makes it, in another PID namespace */
    int group_before;           /* in the foreground of the terminal that it takes; 0: unknown */
    int parent_pidfd;           /* for a child that waits; -1: none */
    int listens;                /* whether its filter has a listener */
    int *channel;               /* to the keeper of the listener: this process's end, and the keeper's */
    pid_t keeper;               /* 0: none */
    int handlers_cleared;       /* clone3 has done it */
    int shares_table;           /* of descriptors, until the child has taken a copy of what it needs */
    int has_table;              /* set by the child when it has */
    int highest;                /* descriptor that it needs */
    int element;                /* that the child is at, as in struct pysys_spawn; -1: at none */
    int ran;                    /* set by the child; the parent sees it if they share memory */
    struct spawn_report *report, own_report;
    const struct spawn_in_place *in_place;  /* NULL: in a child */
};

/* Whether it was seen that CLONE_VM shares memory. Valgrind and user-mode emulators turn a vfork into a fork;
   until this is known, the report is in memory that a fork shares as well. */
static int vfork_shares_memory;

/* Whether a child may share this process's table of descriptors until it takes a copy of its own: 0 if that is
   not known yet, -1 if not. */
static int table_is_shareable;

/* A filter may refuse the exit, and to return from here would be to run on as the parent. */
static void spawn_end(void)
{
    for (;;) {
        syscall(NR_exit_group, 127);
        syscall(NR_kill, syscall(NR_getpid), SIGKILL);
        __builtin_trap();
    }
}

static void spawn_fail(struct spawn_child *c, const char *step, const char *call)
{
    c->report->error = errno;
    c->report->step = step;
    c->report->call = call;
    c->report->element = c->element;
    if (c->in_place)
        c->in_place->fail(c);
    spawn_end();
}

static int has_signal(const uint64_t *set, int number)
{
    return (set[(number - 1) / 64] >> ((number - 1) % 64)) & 1;
}

/* ---- the child's steps ---- */

static void spawn_fail_unless(struct spawn_child *c, long result, const char *step, const char *call)
{
    if (result == -1)
        spawn_fail(c, step, call);
}

/* Of the result of one of the functions in settings.c. */
static void spawn_fail_at(struct spawn_child *c, int result, const struct failure *why)
{
    if (result == -1)
        spawn_fail(c, why->step, why->call);
}

static int spawn_parent_is_gone(struct spawn_child *c)
{
    struct pollfd parent = {c->parent_pidfd, POLLIN, 0};
    char at_once[16] = {0};     /* a struct timespec of either size */
    return syscall(NR_ppoll, &parent, 1, at_once, NULL, 0) == 1;
}

/* From now on the parent learns of this process's exec, or its end: the kernel marks `running`. */
static void spawn_hold(struct spawn_child *c, const char *step)
{
    struct spawn_report *report = c->report;
    report->held.next = &report->robust.list;
    report->robust.list.next = &report->held;
    report->robust.futex_offset = (long)offsetof(struct spawn_report, running) - (long)offsetof(struct spawn_report, held);
    spawn_fail_unless(c, syscall(NR_set_robust_list, &report->robust, sizeof report->robust), step, "set_robust_list");
    __atomic_store_n(&report->running, (unsigned)syscall(NR_gettid) | FUTEX_WAITERS, __ATOMIC_SEQ_CST);
    wake(&report->running);
}

static void spawn_wait_for_parent(struct spawn_child *c)
{
    struct spawn_report *report = c->report;
    int made_dumpable = 0;
    spawn_hold(c, NULL);
    for (;;) {
        unsigned stage = __atomic_load_n(&report->maps, __ATOMIC_SEQ_CST);
        if (stage == SPAWN_HAS_MAPS)
            break;
        if (stage == SPAWN_BE_DUMPABLE) {
            made_dumpable = 1;
            syscall(NR_prctl, PR_SET_DUMPABLE, 1L, 0L, 0L, 0L);
            __atomic_store_n(&report->maps, SPAWN_IS_DUMPABLE, __ATOMIC_SEQ_CST);
            wake(&report->maps);
        } else {
            wait_for_change(&report->maps, stage, SPAWN_LOOK);
            if (spawn_parent_is_gone(c))
                spawn_end();
        }
    }
    if (made_dumpable)
        syscall(NR_prctl, PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
    if (c->parent_pidfd != -1)
        syscall(NR_close, c->parent_pidfd);
}

/* A process stays in the PID namespace that it was made in. So the process that has entered another one makes the
   child there, as a sibling, and ends. The kernel writes the child's id, in case this process is killed before. */
static void spawn_through_middle(struct spawn_child *c, uint64_t flags, const char *step)
{
    flags |= CLONE_PARENT | CLONE_PARENT_SETTID | CLONE_VFORK | SIGCHLD;
    flags |= c->listens ? CLONE_FILES : 0;      /* the keeper's table */
    long pid = raw_clone(flags, &c->report->pid, NULL);
    spawn_fail_unless(c, pid, step, "clone");
    if (pid == 0)
        return;
    syscall(NR_exit_group, 0);
}

static void spawn_enter_cgroup(struct spawn_child *c)
{
    long file = syscall(NR_openat, c->cgroup, "cgroup.procs", O_WRONLY | O_CLOEXEC);
    c->element = 0;             /* cgroup.procs, and not the directory */
    spawn_fail_unless(c, file, "cgroup", "openat");
    c->element = -1;
    long written = syscall(NR_write, file, "0", 1);
    int reason = errno;
    syscall(NR_close, file);    /* where no process ends with a failure, it would stay */
    errno = reason;
    spawn_fail_unless(c, written, "cgroup", "write");
}

static void spawn_join(struct spawn_child *c)
{
    const struct pysys_spawn *r = c->r;
    for (size_t i = 0; i < r->joins; i++) {
        c->element = (int)i;
        spawn_fail_unless(c, syscall(NR_setns, r->join[i], r->join_flags[i]), "join_namespaces", "setns");
    }
    c->element = -1;
    if (c->joined & CLONE_NEWPID)
        spawn_through_middle(c, 0, "join_namespaces");
}

static void spawn_make_inside(struct spawn_child *c)
{
    struct failure why;
    uint64_t flags = c->r->launch->inside;
    unsigned uid = (unsigned)syscall(NR_geteuid32), gid = (unsigned)syscall(NR_getegid32);
    if (flags & CLONE_NEWPID && c->joined & CLONE_NEWPID) {     /* its id would be one of the namespace joined */
        errno = EINVAL;
        spawn_fail(c, "namespaces_inside", "clone");
    }
    if (flags & CLONE_NEWPID)
        spawn_through_middle(c, flags, "namespaces_inside");
    else
        spawn_fail_unless(c, syscall(NR_unshare, (long)flags), "namespaces_inside", "unshare");
    if (flags & CLONE_NEWUSER)
        spawn_fail_at(c, map_own_ids(uid, gid, &why), &why);
}

static void spawn_take_foreground(struct spawn_child *c)
{
    struct failure why;
    spawn_fail_at(c, take_foreground(c->r->launch, &why), &why);
    c->report->took_foreground = 1;
}

/* Whether /proc is the caller's, and not what others have put there. */
static int has_own_proc(const struct spawn_child *c)
{
    return !(c->joined & CLONE_NEWNS) && !(c->r->settings && c->r->settings->mounts);
}

/* The process becomes process 1 of its namespace, and the program a child of it, which goes on here. */
static void spawn_under_init(struct spawn_child *c)
{
    struct raw_sigaction action;
    int ignored = raw_sigaction(SIGCHLD, NULL, &action) == 0 && action.words[HANDLER_WORD] == (uintptr_t)SIG_IGN;
    if (ignored)                /* then the kernel would reap, and nobody learn of the status */
        set_signal(SIGCHLD, SIG_DFL);
    /* What process 1 has left of the caller's is not the program's to read; its exec sets this again. */
    syscall(NR_prctl, PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
    long program = raw_clone(SIGCHLD, NULL, NULL);
    spawn_fail_unless(c, program, "init", "clone");
    if (program > 0)
        run_init((pid_t)program, !c->r->chroot && has_own_proc(c));
    if (ignored)
        set_signal(SIGCHLD, SIG_IGN);
    spawn_hold(c, NULL);
    if (c->r->settings && c->r->settings->asked & PYSYS_SETTINGS_SUBREAPER)     /* a fork does not keep it */
        spawn_fail_unless(c, syscall(NR_prctl, PR_SET_CHILD_SUBREAPER, 1L, 0L, 0L, 0L), "child_subreaper", "prctl");
}

/* The modes of what is made are those that are asked for; in a user namespace it is root's there, if there is one,
   because the id of before may have no number in it. The exec, at the latest, sets that back. */
static void spawn_mount(struct spawn_child *c)
{
    struct failure why = {NULL, NULL, -1};
    int inside = c->r->uid_map || c->r->gid_map || (c->r->namespaces | (uint64_t)c->joined) & CLONE_NEWUSER;
    long mask = syscall(NR_umask, 0), gid = inside ? syscall(NR_setfsgid32, 0) : 0;
    long uid = inside ? syscall(NR_setfsuid32, 0) : 0;
    int done = make_mounts(c->r->settings->mounts, NULL, c->report->message, &why);
    c->element = why.element;
    spawn_fail_at(c, done, &why);
    syscall(NR_umask, mask);
    if (inside) {
        syscall(NR_setfsuid32, uid);
        syscall(NR_setfsgid32, gid);
    }
}

static int is_target(const struct pysys_spawn *r, int descriptor)
{
    for (size_t i = 0; i < r->maps; i++)
        if (r->targets[i] == descriptor)
            return 1;
    return 0;
}

/* A copy that no target overwrites: above all of them, or, if the limit does not allow that, between them. */
static int spawn_copy(struct spawn_child *c, int descriptor)
{
    const struct pysys_spawn *r = c->r;
    long copy = syscall(NR_fcntl, descriptor, F_DUPFD_CLOEXEC, r->targets[r->maps - 1] + 1);
    for (long from = 0; copy == -1; from++) {
        copy = from = syscall(NR_fcntl, descriptor, F_DUPFD_CLOEXEC, from);
        spawn_fail_unless(c, copy, "fds", "fcntl");
        if (is_target(r, (int)copy)) {
            syscall(NR_close, copy);
            copy = -1;
        }
    }
    if (c->in_place)
        c->in_place->copied(c, (int)copy);
    return (int)copy;
}

/* Replaces a descriptor by a copy if one of the first `upto` targets would overwrite it. */
static void spawn_move(struct spawn_child *c, int *descriptor, size_t upto)
{
    const struct pysys_spawn *r = c->r;
    for (size_t i = 0; i < upto; i++)
        if (r->targets[i] == *descriptor && r->targets[i] != r->sources[i]) {
            *descriptor = spawn_copy(c, *descriptor);
            return;
        }
}

/* The parameter of spawn that an entry is from. Python corrects it if `fds` has 0, 1 or 2. */
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
    if (c->ruleset != -1)
        spawn_move(c, &c->ruleset, r->maps);
    if (c->listens)
        spawn_move(c, &c->report->handover.socket, r->maps);
    for (size_t i = 0; i < r->maps; i++)
        spawn_move(c, &c->sources[i], i);
    for (size_t i = 0; i < r->maps; i++) {
        c->element = r->targets[i];
        if (c->sources[i] != r->targets[i])
            spawn_fail_unless(c, syscall(NR_dup3, c->sources[i], r->targets[i], 0), spawn_map_name(r->targets[i]),
                              "dup3");
        else
            spawn_fail_unless(c, syscall(NR_fcntl, r->targets[i], F_SETFD, 0), spawn_map_name(r->targets[i]),
                              "fcntl");
    }
    c->element = -1;
}

static void close_on_exec(struct spawn_child *c, int descriptor)
{
    if (descriptor > 2 && !is_target(c->r, descriptor) &&
        syscall(NR_fcntl, descriptor, F_SETFD, FD_CLOEXEC) == -1 && errno != EBADF)
        spawn_fail(c, "close_fds", "fcntl");
}

/* If close_range is missing or cannot set the flag: the descriptors that /proc lists, otherwise all that there
   can be, also above the limit, which may have been lowered. */
static void spawn_close_one_by_one(struct spawn_child *c)
{
    struct entry { uint64_t inode, offset; unsigned short length; unsigned char type; char name[]; };
    char buffer[2048] __attribute__((aligned(8)));
    uint64_t limit[2] = {0, 0};
    long directory = -1, size = -1;
    if (has_own_proc(c))        /* otherwise it may be anything */
        directory = syscall(NR_openat, AT_FDCWD, "/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    while (directory != -1 && (size = syscall(NR_getdents64, directory, buffer, sizeof buffer)) > 0)
        for (long at = 0; at < size;) {
            struct entry *entry = (struct entry *)(buffer + at);
            int descriptor = 0;
            for (const char *digit = entry->name; *digit; digit++)
                descriptor = *digit >= '0' && *digit <= '9' ? descriptor * 10 + (*digit - '0') : -1;
            close_on_exec(c, descriptor);
            at += entry->length;
        }
    if (directory != -1)
        syscall(NR_close, directory);
    if (size == 0)
        return;
    syscall(NR_prlimit64, 0, RLIMIT_NOFILE, NULL, limit);
    if (limit[0] < SPAWN_USUAL_MOST_FILES)
        limit[0] = SPAWN_USUAL_MOST_FILES;
    for (uint64_t descriptor = 3; descriptor < limit[0] && descriptor < INT_MAX; descriptor++)
        close_on_exec(c, (int)descriptor);
}

/* Sets the flag and does not close, because later steps and the parent need descriptors until the exec. */
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
            spawn_close_one_by_one(c);
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
        c->element = (int)i;
        spawn_fail_unless(c, syscall(NR_prlimit64, 0, r->rlimit[i].resource, limit, NULL), "rlimits", "prlimit64");
    }
    c->element = -1;
    if (r->asked & PYSYS_SPAWN_PRIORITY)
        spawn_fail_unless(c, syscall(NR_setpriority, PRIO_PROCESS, 0, r->priority), "priority", "setpriority");
    if (c->cpus)
        spawn_fail_unless(c, syscall(NR_sched_setaffinity, 0, c->cpus_size, c->cpus), "affinity",
                          "sched_setaffinity");
    if (r->asked & PYSYS_SPAWN_UMASK)
        syscall(NR_umask, r->umask);
}

/* Returns 0; or -1, and sets errno. */
static long spawn_enter_directory(struct spawn_child *c, int cwd_fd)
{
    if (c->r->cwd)
        return syscall(NR_chdir, c->r->cwd);
    if (c->r->asked & PYSYS_SPAWN_CWD_FD)
        return syscall(NR_fchdir, cwd_fd);
    return 0;
}

static void spawn_root_and_user(struct spawn_child *c, int cwd_fd)
{
    const struct pysys_spawn *r = c->r;
    const char *call = r->cwd ? "chdir" : "fchdir";
    int changes = (r->asked & (PYSYS_SPAWN_GROUPS | PYSYS_SPAWN_GID | PYSYS_SPAWN_UID)) != 0;
    if (r->chroot) {
        spawn_fail_unless(c, syscall(NR_chroot, r->chroot), "chroot", "chroot");
        /* Always: relative paths start in the new root, and the working directory is inside it. */
        spawn_fail_unless(c, syscall(NR_chdir, "/"), "chroot", "chdir");
    }
    /* Like subprocess, before the privileges are dropped; if this user may not, the other one may. */
    long entered = spawn_enter_directory(c, cwd_fd);
    if (entered == -1 && !(changes && errno == EACCES))
        spawn_fail(c, "cwd", call);
    if ((r->ambient_caps || (r->settings && needs_capabilities(r->settings))) && r->asked & PYSYS_SPAWN_UID)
        spawn_fail_unless(c, syscall(NR_prctl, PR_SET_KEEPCAPS, 1L, 0L, 0L, 0L),
                          r->ambient_caps ? "ambient_caps" : "capabilities", "prctl");
    if (r->asked & PYSYS_SPAWN_GROUPS)
        spawn_fail_unless(c, syscall(NR_setgroups32, r->groups, r->group), "extra_groups", "setgroups");
    if (r->asked & PYSYS_SPAWN_GID)
        spawn_fail_unless(c, syscall(NR_setresgid32, r->gid, r->gid, r->gid), "group", "setresgid");
    if (r->asked & PYSYS_SPAWN_UID)
        spawn_fail_unless(c, syscall(NR_setresuid32, r->uid, r->uid, r->uid), "user", "setresuid");
    if (entered == -1)
        spawn_fail_unless(c, spawn_enter_directory(c, cwd_fd), "cwd", call);
}

/* Ambient capabilities must be permitted and inheritable. */
static void spawn_ambient(struct spawn_child *c)
{
    struct capabilities wanted;
    spawn_fail_unless(c, capabilities_get(&wanted), "ambient_caps", "capget");
    wanted.inheritable |= c->r->ambient_caps;
    spawn_fail_unless(c, capabilities_set(&wanted), "ambient_caps", "capset");
    spawn_fail_unless(c, raise_ambient(c->r->ambient_caps), "ambient_caps", "prctl");
}

static void spawn_capabilities(struct spawn_child *c)
{
    const struct pysys_settings *settings = c->r->settings;
    struct capabilities before = {0, 0, 0};
    struct failure why;
    if (settings)
        spawn_fail_at(c, restrict_capabilities(settings, &before, &why), &why);
    if (c->r->ambient_caps)
        spawn_ambient(c);
    if (settings)
        spawn_fail_at(c, finish_capabilities(settings, &before, &why), &why);
}

static void spawn_death_signal(struct spawn_child *c)
{
    int signal_number = c->r->pdeathsig;
    spawn_fail_unless(c, syscall(NR_prctl, PR_SET_PDEATHSIG, (long)signal_number, 0L, 0L, 0L), "pdeathsig", "prctl");
    /* The parent may have ended before that. From another PID namespace it is not visible: 0. */
    pid_t parent = (pid_t)syscall(NR_getppid);
    if (parent != c->parent && parent != 0)
        syscall(NR_kill, syscall(NR_getpid), signal_number);
}

static void spawn_signals(struct spawn_child *c)
{
    const struct pysys_spawn *r = c->r;
    for (int number = 1; number <= KERNEL_SIGNALS; number++) {
        c->element = number;
        int restored = r->asked & PYSYS_SPAWN_RESTORE_SIGNALS && (number == SIGPIPE || number == SIGXFSZ);
        if (has_signal(r->signals_ignored, number))
            spawn_fail_unless(c, set_signal(number, SIG_IGN), "signals_ignored", "rt_sigaction");
        else if ((restored || has_signal(r->signals_default, number)) && number != SIGKILL && number != SIGSTOP)
            spawn_fail_unless(c, set_signal(number, SIG_DFL), restored ? "restore_signals" : "signals_default",
                              "rt_sigaction");
    }
    c->element = -1;
    spawn_fail_unless(c, set_signal_mask(&c->mask, NULL), "signal_mask", "rt_sigprocmask");
}

/* Tries for a limited time, in which another process may have the file open for writing by accident. */
static void spawn_try(struct spawn_child *c, const char *program, int program_fd)
{
    for (int pause = 1;; pause *= 2) {
        unsigned nothing = 0;
        if (program)
            syscall(NR_execve, program, c->argv, c->envp);
        else
            syscall(NR_execveat, program_fd, "", c->argv, c->envp, AT_EMPTY_PATH);
        if (errno != ETXTBSY || pause > SPAWN_LONGEST_PAUSE)
            return;
        wait_for_change(&nothing, nothing, pause);
    }
}

/* If no candidate can be executed, the reason is the first one other than that the file does not exist. */
static void spawn_exec(struct spawn_child *c, int program_fd)
{
    int reason = 0;
    if (c->r->asked & PYSYS_SPAWN_PROGRAM_FD) {
        spawn_try(c, NULL, program_fd);
        spawn_fail(c, "executable", "execveat");
    }
    for (char **program = c->programs; *program; program++) {
        spawn_try(c, *program, -1);
        if (errno != ENOENT && errno != ENOTDIR && !reason)
            reason = errno;
    }
    if (reason)
        errno = reason;
    spawn_fail(c, "executable", "execve");
}

/* A copy of the table of descriptors up to the highest that is needed: what is above costs nothing. Until then
   the child must not open, close or change any descriptor, because it would be the parent's. */
static void spawn_take_table(struct spawn_child *c)
{
    spawn_fail_unless(c, syscall(NR_close_range, (unsigned)c->highest + 1, UINT_MAX, CLOSE_RANGE_UNSHARE), NULL,
                      "close_range");
    c->has_table = 1;
}

static int spawn_child(void *context)
{
    struct spawn_child *c = context;
    const struct pysys_spawn *r = c->r;
    const struct pysys_launch *l = r->launch;
    struct failure why;
    int cwd_fd = r->cwd_fd, program_fd = r->program_fd;
    c->ran = 1;
    if (c->shares_table)
        spawn_take_table(c);
    if (!c->handlers_cleared)
        default_caught_signals();
    if (c->waits)
        spawn_wait_for_parent(c);
    if (c->enters_cgroup)
        spawn_enter_cgroup(c);
    if (c->in_place)
        c->in_place->unshare(c);
    if (r->settings)
        spawn_fail_at(c, set_up_before_joining(r->settings, &why), &why);
    spawn_join(c);
    if (l && l->inside)
        spawn_make_inside(c);
    if (r->settings && r->settings->mounts)
        spawn_mount(c);
    if (r->asked & PYSYS_SPAWN_SESSION)
        spawn_fail_unless(c, syscall(NR_setsid), "start_new_session", "setsid");
    if (r->asked & PYSYS_SPAWN_PROCESS_GROUP)
        spawn_fail_unless(c, syscall(NR_setpgid, 0, r->process_group), "process_group", "setpgid");
    if (r->asked & PYSYS_SPAWN_TERMINAL)
        spawn_fail_unless(c, syscall(NR_ioctl, r->terminal, TIOCSCTTY, l && l->asked & PYSYS_LAUNCH_STEAL ? 1 : 0),
                          "controlling_terminal", "ioctl");
    if (l && l->asked & PYSYS_LAUNCH_FOREGROUND)
        spawn_take_foreground(c);
    if (r->maps)
        spawn_map(c, &cwd_fd, &program_fd);
    if (r->asked & PYSYS_SPAWN_CLOSE && !(c->has_table && c->highest <= 2))
        spawn_close(c);
    spawn_limits(c);
    if (r->settings)
        spawn_fail_at(c, set_up_process(r->settings, &why), &why);
    if (l)
        spawn_fail_at(c, set_memory_policy(l, &why), &why);
    spawn_root_and_user(c, cwd_fd);
    if (r->settings)
        spawn_fail_at(c, join_keyring(r->settings, &why), &why);
    spawn_capabilities(c);
    if (r->asked & PYSYS_SPAWN_NO_NEW_PRIVS)
        spawn_fail_unless(c, syscall(NR_prctl, PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L), "no_new_privs", "prctl");
    else if (r->settings)
        spawn_fail_at(c, give_up_new_privileges(r->settings, c->ruleset != -1, &why), &why);
    if (r->pdeathsig)
        spawn_death_signal(c);
    if (l && l->asked & PYSYS_LAUNCH_INIT)
        spawn_under_init(c);
    if (l)
        write_own_ids(l);
    spawn_signals(c);
    if (c->listens)
        spawn_hold(c, "seccomp");
    if (r->settings)
        spawn_fail_at(c, confine(r->settings, c->ruleset, &c->report->handover.listener, &why), &why);
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
        args.cgroup = (uint64_t)c->cgroup;
    }
    return args;
}

/* The C library has no function for clone3, and a child that shares memory must not return from syscall(),
   because the return address is on the shared stack. clone3 saves the child from looking at each signal's
   handler, and with cgroup= the cost of a fork. */
#if defined(__x86_64__) && !defined(__ILP32__)
#define HAS_SHARED_CLONE3 1
static long shared_clone3(struct spawn_child *c, uint64_t flags, int *pidfd, char *stack)
{
    struct pysys_clone_args args = spawn_args(c, flags | CLONE_CLEAR_SIGHAND, pidfd);
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

/* Makes the child in the same memory, on a part of this stack. The caller is suspended until the exec. */
static long spawn_shared(struct spawn_child *c, struct pysys_spawn *r, uint64_t flags)
{
    char stack[SPAWN_STACK] __attribute__((aligned(64)));
    if (c->shares_table)
        flags |= CLONE_FILES;
    flags |= CLONE_VM | CLONE_VFORK;
    r->call = "clone3";
    r->flags = spawn_args(c, flags | CLONE_CLEAR_SIGHAND, NULL).flags;
    long pid = shared_clone3(c, flags, &r->pidfd, stack);
    /* Missing, filtered, or on a kernel that cannot clear the handlers: clone can do the same. */
    if (pid == -1 && (errno == ENOSYS || errno == EPERM || errno == EINVAL) &&
        (c->enters_cgroup || !(r->asked & PYSYS_SPAWN_CGROUP))) {
        r->call = "clone";
        r->flags = flags | SIGCHLD;
        pid = clone(spawn_child, stack + sizeof stack, (int)r->flags, c, &r->pidfd, NULL, NULL);
    }
    if (pid != -1 && c->ran)
        __atomic_store_n(&vfork_shares_memory, 1, __ATOMIC_RELAXED);
    return pid;
}

/* Makes the child on a copy of the memory. `written` gets its pidfd, or its id, as the flags say. */
static long clone_copy(struct spawn_child *c, struct pysys_spawn *r, uint64_t flags, int *written)
{
    struct pysys_clone_args args = spawn_args(c, flags, flags & CLONE_PIDFD ? written : NULL);
    if (flags & CLONE_PARENT) {         /* its exit signal is that of the one who makes it, until its exec */
        args.exit_signal = 0;
        args.parent_tid = (uintptr_t)written;
    }
    if (args.flags & (CLONE_INTO_CGROUP | CLONE_NEWTIME)) {
        r->call = "clone3";
        r->flags = args.flags;
        return raw_clone3(&args, sizeof args);
    }
    r->call = "clone";
    r->flags = flags | args.exit_signal;
    return raw_clone(r->flags, written, NULL);
}

static void end_process(pid_t pid)
{
    kill(pid, SIGKILL);
    reap(pid);
}

static void end_keeper(struct spawn_child *c)
{
    if (c->keeper)
        end_process(c->keeper);
    c->keeper = 0;
}

/* Makes the child through the keeper of its listener, as this process's child. */
static long spawn_kept(struct spawn_child *c, struct pysys_spawn *r, uint64_t flags)
{
    struct handover *h = &c->report->handover;
    memset(h, 0, sizeof *h);
    h->socket = c->channel[1];
    h->listener = -1;
    r->call = "clone";
    r->flags = 0;
    long keeper = raw_clone(0, NULL, NULL);
    if (keeper == -1)
        return -1;
    if (keeper == 0) {
        long pid = clone_copy(c, r, flags | CLONE_PARENT | CLONE_FILES | CLONE_PARENT_SETTID, &h->made);
        if (pid == 0)
            spawn_child(c);
        keep(h, pid == -1 ? errno : 0, c->parent, &c->report->running, &c->report->pid);
    }
    c->keeper = (pid_t)keeper;
    int made = wait_for_keeper(h, KEEPER_MAKES, c->keeper);
    if (made && !h->error)
        return h->made;
    int reason = made ? h->error : EAGAIN;
    end_keeper(c);
    if (!made && h->made)       /* not before: it could have made the child since */
        end_process(h->made);
    r->call = r->asked & PYSYS_SPAWN_CGROUP && !c->enters_cgroup ? "clone3" : "clone";
    errno = reason;
    return -1;
}

/* For what those two cannot express, and for a parent that has to run meanwhile. */
static long spawn_copied(struct spawn_child *c, struct pysys_spawn *r, uint64_t flags)
{
    if (c->listens)
        return spawn_kept(c, r, flags);
    long pid = clone_copy(c, r, c->waits ? flags : flags | CLONE_VFORK, &r->pidfd);
    if (pid == 0)
        spawn_child(c);
    return pid;
}

/* Whether the child must not share memory: for what clone cannot express, for what the parent has to help with,
   and for a change of credentials, because the kernel would then make the memory, also the parent's, not
   dumpable or traceable. */
static int spawn_needs_copy(const struct spawn_child *c)
{
    const struct pysys_spawn *r = c->r;
#ifdef __hppa__     /* its stacks grow up */
    return 1;
#endif
    return c->listens || c->waits || r->namespaces & CLONE_NEWTIME ||
           (r->launch && r->launch->inside & CLONE_NEWUSER) ||
           c->joined & (CLONE_NEWUSER | CLONE_NEWTIME) ||
           r->asked & (PYSYS_SPAWN_GROUPS | PYSYS_SPAWN_GID | PYSYS_SPAWN_UID) ||
           /* Of which the first is the memory's, and a process that shares memory enters no time namespace. */
           (r->settings && (r->settings->coredump_filter || r->settings->time_offsets)) ||
           (r->asked & PYSYS_SPAWN_CGROUP && !HAS_SHARED_CLONE3);
}

static long spawn_process(struct spawn_child *c, struct pysys_spawn *r, uint64_t flags)
{
    long pid = spawn_needs_copy(c) ? spawn_copied(c, r, flags) : spawn_shared(c, r, flags);
    /* The kernel may have written a number before it failed (pids.max, a busy cgroup). It has closed that itself,
       and another thread may have opened a file of that number since. */
    if (pid == -1)
        r->pidfd = -1;
    return pid;
}

static long spawn_with_flags(struct spawn_child *c, struct pysys_spawn *r)
{
    int wants_pidfd = r->asked & PYSYS_SPAWN_PIDFD && !c->through_middle && !c->listens;
    uint64_t flags = r->namespaces | (wants_pidfd ? CLONE_PIDFD : 0);
    long pid = spawn_process(c, r, flags);
    /* No clone3, or one before Linux 5.7; or EBADF: the directory is not in the hierarchy of cgroup2, but may be
       in an older one. */
    if (pid == -1 && r->asked & PYSYS_SPAWN_CGROUP &&
        (errno == ENOSYS || errno == E2BIG || errno == EINVAL || errno == EBADF ||
         (errno == EPERM && pysys_clone3_is_filtered()))) {
        c->enters_cgroup = 1;
        pid = spawn_process(c, r, flags);
    }
    if (pid == -1 && errno == EINVAL && wants_pidfd)    /* before Linux 5.3 */
        pid = spawn_process(c, r, flags & ~(uint64_t)CLONE_PIDFD);
    return pid;
}

static int may_share_table(void)
{
    int known = __atomic_load_n(&table_is_shareable, __ATOMIC_RELAXED);
    struct utsname kernel;
    if (known == 0) {
        /* Before Linux 6.11 (and fixes of older ones, which their names do not show) a table that is copied up to a
           number keeps marks of full rows above it, and the program cannot have these numbers. */
        char *rest = kernel.release;
        long major = uname(&kernel) == 0 ? strtol(rest, &rest, 10) : 0;
        long minor = *rest == '.' ? strtol(rest + 1, &rest, 10) : 0;
        known = major > 6 || (major == 6 && minor >= 11) ? 1 : -1;
        __atomic_store_n(&table_is_shareable, known, __ATOMIC_RELAXED);
    }
    return known == 1;
}

static void at_least(int *highest, int descriptor)
{
    if (descriptor > *highest)
        *highest = descriptor;
}

static size_t mounts_descriptors(const struct pysys_spawn *r)
{
    return r->settings && r->settings->mounts ? r->settings->mounts->descriptors : 0;
}

/* The highest descriptor of this process that the child needs; 0 to 2 are the program's in any case. */
static int highest_needed(const struct spawn_child *c)
{
    const struct pysys_spawn *r = c->r;
    int highest = 2;
    for (size_t i = 0; i < r->maps; i++)
        at_least(&highest, c->sources[i]);
    for (size_t i = 0; i < r->joins; i++)
        at_least(&highest, r->join[i]);
    if (r->asked & PYSYS_SPAWN_CWD_FD)
        at_least(&highest, r->cwd_fd);
    if (r->asked & PYSYS_SPAWN_PROGRAM_FD)
        at_least(&highest, r->program_fd);
    if (r->asked & PYSYS_SPAWN_TERMINAL)
        at_least(&highest, r->terminal);
    if (r->launch && r->launch->asked & PYSYS_LAUNCH_FOREGROUND)
        at_least(&highest, r->launch->foreground);
    if (r->asked & PYSYS_SPAWN_CGROUP)
        at_least(&highest, c->cgroup);
    at_least(&highest, c->ruleset);
    for (size_t i = 0; i < mounts_descriptors(r); i++)
        at_least(&highest, r->settings->mounts->descriptor[i]);
    return highest;
}

/* The kernel copies the table of descriptors as the process is made, and the exec closes most of the copy, which
   takes long if there are thousands. So the child shares the table and then copies the part that it needs. That
   takes a child that sees this memory: emulators, and valgrind, have no such combination of flags. */
static long spawn_create(struct spawn_child *c, struct pysys_spawn *r)
{
    c->highest = highest_needed(c);
    c->shares_table = r->asked & PYSYS_SPAWN_CLOSE && !spawn_needs_copy(c) &&
                      __atomic_load_n(&vfork_shares_memory, __ATOMIC_RELAXED) && may_share_table();
    long pid = spawn_with_flags(c, r);
    if (!c->shares_table)
        return pid;
    if (pid == -1 && errno != EPERM && errno != EINVAL)     /* these may be a filter's */
        return -1;
    if (pid != -1) {
        if (c->has_table || !c->report->error)
            return pid;
        /* The child could not take its copy: there is a filter, or no memory. It has changed nothing. */
        __atomic_store_n(&table_is_shareable, -1, __ATOMIC_RELAXED);
        c->report->error = 0;
        reap((pid_t)pid);
        if (r->pidfd != -1)
            close(r->pidfd);
        r->pidfd = -1;
    }
    c->shares_table = 0;
    return spawn_with_flags(c, r);
}

/* ---- the parent: user id maps ---- */

/* Waits until a word of the report differs from what was seen. Returns 0 if the child ends without that. */
static int wait_for_child(unsigned *word, unsigned seen, pid_t pid)
{
    while (__atomic_load_n(word, __ATOMIC_SEQ_CST) == seen) {
        wait_for_change(word, seen, SPAWN_LOOK);
        if (__atomic_load_n(word, __ATOMIC_SEQ_CST) == seen && has_ended(pid))
            return 0;
    }
    return 1;
}

static void set_stage(struct spawn_report *report, unsigned stage)
{
    __atomic_store_n(&report->maps, stage, __ATOMIC_SEQ_CST);
    wake(&report->maps);
}

/* If this process is not dumpable, neither is its child, and the child's files in /proc belong to root. The child
   can make itself dumpable; then the same user can trace this copy of the memory while the maps are written. So
   it does only if necessary. */
static int open_of_child(struct spawn_child *c, pid_t pid, const char *path)
{
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file != -1 || errno != EACCES || c->report->maps != SPAWN_NEEDS_MAPS)
        return file;
    set_stage(c->report, SPAWN_BE_DUMPABLE);
    if (wait_for_child(&c->report->maps, SPAWN_BE_DUMPABLE, pid))
        return open(path, O_WRONLY | O_CLOEXEC);
    errno = EACCES;
    return -1;
}

static int write_of_child(struct spawn_child *c, struct pysys_spawn *r, pid_t pid, const char *name, const char *text)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", (int)pid, name);
    r->call = "open";
    int file = open_of_child(c, pid, path);
    if (file == -1)
        return -1;
    r->call = "write";
    ssize_t written = write(file, text, strlen(text));
    int reason = errno;
    close(file);
    errno = reason;
    return written == -1 ? -1 : 0;
}

/* setgroups is denied only if the kernel demands it: for a caller without CAP_SETGID. */
static int write_maps(struct spawn_child *c, struct pysys_spawn *r, pid_t pid)
{
    r->step = "gid_map";
    if (r->gid_map && write_of_child(c, r, pid, "gid_map", r->gid_map) == -1 &&
        (errno != EPERM || strcmp(r->call, "write") != 0 || write_of_child(c, r, pid, "setgroups", "deny") == -1 ||
         write_of_child(c, r, pid, "gid_map", r->gid_map) == -1))
        return -1;
    r->step = "uid_map";
    if (r->uid_map && write_of_child(c, r, pid, "uid_map", r->uid_map) == -1)
        return -1;
    r->step = NULL;
    return 0;
}

static int stops(const struct pysys_spawn *r)
{
    return r->launch && r->launch->asked & PYSYS_LAUNCH_STOP;
}

/* The parent's part, with the caller's signal mask: what it starts inherits that. From now on the struct has the
   process and its pidfd; who ends it after a -1 is the caller. */
static int spawn_stop(struct spawn_child *c, struct pysys_spawn *r, pid_t pid)
{
    signal_set before;
    child_started(r->child, pid, r->pidfd, c->parent);
    restore_signals(&c->callers_mask);
    int result = r->launch->stop(r->launch->stop_context, c->parent);
    block_signals(&before);
    return result;
}

/* Does the parent's part, lets the child continue, and waits until it has exec'd or ended. */
static long spawn_with_parent(struct spawn_child *c, struct pysys_spawn *r, long pid)
{
    struct spawn_report *report = c->report;
    if (write_maps(c, r, (pid_t)pid) == -1) {
        long error = -errno;
        end_process((pid_t)pid);
        return error;
    }
    if (stops(r) && spawn_stop(c, r, (pid_t)pid) == -1)
        return -ECANCELED;
    set_stage(report, SPAWN_HAS_MAPS);
    for (;;) {
        unsigned running = __atomic_load_n(&report->running, __ATOMIC_SEQ_CST);
        if (running & FUTEX_OWNER_DIED || !wait_for_child(&report->running, running, (pid_t)pid))
            return pid;
    }
}

/* ---- the parent: a listener ---- */

/* Ends a child that may run its program already. */
static void spawn_refuse(struct spawn_child *c, pid_t pid, const struct failure *why)
{
    int reason = errno;
    kill(pid, SIGKILL);
    if (c->report->pid)
        kill(c->report->pid, SIGKILL);
    c->report->error = reason;
    c->report->step = why->step;
    c->report->call = why->call;
    c->report->element = -1;
}

/* Waits until the child has exec'd or ended, and takes its listener as soon as there is one. Looks ever less often
   whether the filter holds a call that the child makes itself, because nothing reports that. */
static long spawn_with_listener(struct spawn_child *c, struct pysys_spawn *r, long pid)
{
    struct spawn_report *report = c->report;
    struct failure why = {NULL, NULL, -1};
    int pause = 1;
    if (c->waits) {
        if (write_maps(c, r, (pid_t)pid) == -1) {
            long error = -errno;
            end_process((pid_t)pid);
            end_keeper(c);
            return error;
        }
        set_stage(report, SPAWN_HAS_MAPS);
    }
    for (;;) {
        unsigned running = __atomic_load_n(&report->running, __ATOMIC_SEQ_CST);
        int over = running & FUTEX_OWNER_DIED || has_ended((pid_t)pid);
        if (r->listener == -1 && __atomic_load_n(&report->handover.listener, __ATOMIC_SEQ_CST) != -1) {
            r->listener = take_listener(&report->handover, c->keeper, c->channel, &why);
            if (r->listener == -1) {
                spawn_refuse(c, (pid_t)pid, &why);
                break;
            }
            pause = 1;
        }
        if (over)
            break;
        if (r->listener != -1 && let_go_on(r->listener, &report->running))
            pause = 1;
        wait_for_change(&report->running, running, pause);
        pause = pause * 2 < SPAWN_LOOK ? pause * 2 : SPAWN_LOOK;
    }
    end_keeper(c);
    /* Something has ended it, or keeps it from being watched: its exec may wait for an answer forever, as it
       has a descriptor of the listener itself. */
    int is_past = r->listener != -1 && __atomic_load_n(&report->running, __ATOMIC_SEQ_CST) & FUTEX_OWNER_DIED;
    if (!is_past && !report->error) {
        errno = EAGAIN;
        failed_at(&why, "seccomp", "seccomp");
        spawn_refuse(c, (pid_t)pid, &why);
    }
    return pid;
}

/* ---- the parent: preparation ---- */

/* Stores pointers to strings that follow one another. Returns the end of the pointers. */
static char **spawn_strings(char **pointer, const char *strings, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        *pointer++ = (char *)strings;
        strings += strlen(strings) + 1;
    }
    *pointer++ = NULL;
    return pointer;
}

static int namespace_types(const struct pysys_spawn *r)
{
    int types = 0;
    for (size_t i = 0; i < r->joins; i++) {
        int type = r->join_flags[i] ? r->join_flags[i] : ioctl(r->join[i], NS_GET_NSTYPE);
        /* Unknown before Linux 4.11, and to 32-bit processes on a 64-bit 6.1: treated as the kinds that need most. */
        types |= type != -1 ? type : CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS;
    }
    return types;
}

static void spawn_mask(struct spawn_child *c, const signal_set *callers)
{
    c->mask = *callers;
    if (!(c->r->asked & PYSYS_SPAWN_MASK))
        return;
    memset(&c->mask, 0, sizeof c->mask);
    for (int number = 1; number <= KERNEL_SIGNALS; number++)
        if (has_signal(c->r->signal_mask, number))
            add_signal(&c->mask, number);
}

/* Puts everything into one block, which the child uses as well: pointers, CPU set, descriptors. */
static void *spawn_prepare(struct spawn_child *c, const char *programs, const char *argv, const char *env)
{
    const struct pysys_spawn *r = c->r;
    size_t own_ids = r->launch ? r->launch->own_ids : 0;
    size_t pointers = r->programs + r->argc + r->envc + own_ids + 3, cpus = 0;
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
    char **end = spawn_strings(c->envp, env, r->envc) - 1;
    for (size_t i = 0; i < own_ids; i++)
        *end++ = r->launch->own_id[i];
    return block;
}

/* The descriptors in the request have to be open before anything is opened here, which could get the same
   number. */
static int is_open(struct pysys_spawn *r, int descriptor, const char *step, int element)
{
    if (fcntl(descriptor, F_GETFD) != -1)
        return 1;
    r->step = step;
    r->element = element;
    r->call = "fcntl";
    return 0;
}

static int all_are_open(struct pysys_spawn *r)
{
    for (size_t i = 0; i < r->maps; i++)
        if (r->sources[i] != PYSYS_SPAWN_DEVNULL &&
            !is_open(r, r->sources[i], spawn_map_name(r->targets[i]), r->targets[i]))
            return 0;
    for (size_t i = 0; i < r->joins; i++)
        if (!is_open(r, r->join[i], "join_namespaces", (int)i))
            return 0;
    for (size_t i = 0; i < mounts_descriptors(r); i++)
        if (!is_open(r, r->settings->mounts->descriptor[i], "mounts", -1))
            return 0;
    return (!(r->asked & PYSYS_SPAWN_CWD_FD) || is_open(r, r->cwd_fd, "cwd", -1)) &&
           (!(r->asked & PYSYS_SPAWN_PROGRAM_FD) || is_open(r, r->program_fd, "executable", -1)) &&
           (!(r->asked & PYSYS_SPAWN_TERMINAL) || is_open(r, r->terminal, "controlling_terminal", -1)) &&
           (!r->launch || !(r->launch->asked & PYSYS_LAUNCH_FOREGROUND) ||
            is_open(r, r->launch->foreground, "foreground", -1)) &&
           (!(r->asked & PYSYS_SPAWN_CGROUP) || r->cgroup_path || is_open(r, r->cgroup, "cgroup", -1)) &&
           (!r->settings || !(r->settings->asked & PYSYS_SETTINGS_RULESET) ||
            is_open(r, r->settings->ruleset, "landlock", -1));
}

/* Descriptors that are opened here for the child, and closed again. */
struct spawn_files {
    int devnull, cgroup, self, ruleset;     /* -1: not needed */
    int channel[2];
};

static int spawn_open(struct spawn_child *c, struct pysys_spawn *r, struct spawn_files *files)
{
    struct failure why = {NULL, NULL, -1};
    r->call = "openat";
    for (size_t i = 0; i < r->maps; i++) {
        if (r->sources[i] != PYSYS_SPAWN_DEVNULL)
            continue;
        r->step = spawn_map_name(r->targets[i]);
        r->element = r->targets[i];
        if (files->devnull == -1)
            files->devnull = open("/dev/null", O_RDWR | O_CLOEXEC);
        if (files->devnull == -1)
            return -1;
        c->sources[i] = files->devnull;
    }
    r->element = -1;
    c->cgroup = r->cgroup;
    if (r->cgroup_path) {
        r->step = "cgroup";
        c->cgroup = files->cgroup = open(r->cgroup_path, O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (files->cgroup == -1)
            return -1;
    }
    if (r->settings && r->settings->asked & PYSYS_SETTINGS_RULESET)
        c->ruleset = r->settings->ruleset;
    if (r->settings && r->settings->asked & PYSYS_SETTINGS_RULES) {
        int made = make_ruleset(r->settings, &files->ruleset, &why);
        c->ruleset = files->ruleset;
        if (made == -1) {
            r->step = why.step;
            r->call = why.call;
            r->element = why.element;
            return -1;
        }
    }
    if (c->listens) {
        r->step = "seccomp";
        r->call = "socketpair";
        if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, files->channel) == -1)
            return -1;
        c->channel = files->channel;
    }
    r->step = NULL;
    r->call = "pidfd_open";
    if (c->waits)
        c->parent_pidfd = files->self = (int)syscall(NR_pidfd_open, c->parent, 0);
    /* Before Linux 5.3, or with a filter, the child does not watch whether its parent exists. */
    return c->waits && files->self == -1 && errno != ENOSYS && errno != EPERM ? -1 : 0;
}

static void spawn_close_files(const struct spawn_files *files)
{
    const int opened[] = {files->devnull, files->cgroup,     files->self,
                          files->ruleset, files->channel[0], files->channel[1]};
    for (int i = 0; i < 6; i++)
        if (opened[i] != -1)
            close(opened[i]);
}

/* The process that a middle process made, or 0 if that failed. */
static pid_t spawn_of_middle(struct spawn_child *c, pid_t middle)
{
    int status = 0;
    while (waitpid(middle, &status, __WALL) == -1 && errno == EINTR)
        ;
    pid_t pid = c->report->pid;
    if (!c->report->error && (!pid || WIFSIGNALED(status))) {   /* killed meanwhile: the child's stage is unknown */
        c->report->error = EAGAIN;
        c->report->call = "clone";
        if (pid)
            kill(pid, SIGKILL);
    }
    return pid;
}

/* Of a child that was not made by this process itself. */
static void spawn_open_pidfd(struct spawn_child *c, struct pysys_spawn *r, pid_t pid)
{
    if (c->report->error || !(r->asked & PYSYS_SPAWN_PIDFD))
        return;
    r->pidfd = (int)syscall(NR_pidfd_open, pid, 0);
    /* Before Linux 5.3, or a filter; or it was reaped elsewhere already. */
    if (r->pidfd == -1 && errno != ENOSYS && errno != EPERM && errno != ESRCH) {
        c->report->error = errno;
        c->report->call = "pidfd_open";
        kill(pid, SIGKILL);
    }
}

/* With all signals blocked: from the background this would otherwise bring SIGTTOU. */
static void give_terminal_back(struct pysys_spawn *r)
{
    if (r->launch && r->launch->group_before > 0)
        ioctl(r->launch->foreground, TIOCSPGRP, &r->launch->group_before);
    if (r->launch)
        r->launch->group_before = 0;
}

void pysys_give_terminal_back(struct pysys_spawn *r)
{
    signal_set signals;
    if (block_signals(&signals) == -1)
        return;
    give_terminal_back(r);
    restore_signals(&signals);
}

/* A child that did not reach its program is reaped here, because the caller does not learn of it. */
static long spawn_outcome(struct spawn_child *c, struct pysys_spawn *r, long pid)
{
    if (c->through_middle)
        pid = spawn_of_middle(c, (pid_t)pid);
    if (c->through_middle || c->listens)
        spawn_open_pidfd(c, r, (pid_t)pid);
    r->step = c->report->step;
    r->call = c->report->call;
    r->element = c->report->element;
    if (c->report->took_foreground)
        r->launch->group_before = c->group_before;
    if (r->settings && r->settings->mounts)
        memcpy(r->settings->mounts->message, c->report->message, sizeof c->report->message);
    if (!c->report->error)
        return pid;
    if (stops(r))       /* the caller may know the child, and sees that it has ended */
        while (child_reap(r->child, 0) == -EINTR)
            ;
    else if (pid)
        reap((pid_t)pid);
    give_terminal_back(r);
    return -c->report->error;
}

static long spawn_with(struct spawn_child *c, struct pysys_spawn *r)
{
    signal_set signals;
    r->call = "rt_sigprocmask";
    if (block_signals(&signals) == -1)
        return -errno;
    spawn_mask(c, &signals);
    c->callers_mask = signals;
    if (r->launch && r->launch->asked & PYSYS_LAUNCH_FOREGROUND &&
        ioctl(r->launch->foreground, TIOCGPGRP, &c->group_before) == -1)
        c->group_before = 0;    /* the child finds out why, or makes it its own terminal */
    long pid = spawn_create(c, r);
    long result = pid == -1 ? -errno : pid;
    if (result > 0 && c->listens)
        result = spawn_with_listener(c, r, pid);
    else if (result > 0 && c->waits)
        result = spawn_with_parent(c, r, pid);
    if (result > 0)
        result = spawn_outcome(c, r, pid);
    if (c->listens)     /* which has no exit signal before its exec */
        r->child->any_signal = __WALL;
    if (stops(r) && r->child->pid)      /* it has the pidfd */
        r->pidfd = -1;
    else if (result > 0)
        child_started(r->child, (int)result, r->pidfd, c->parent);
    restore_signals(&signals);
    return result;
}

/* Returns the child's process id when it runs the program, or minus the errno of the step that failed; then there
   is no child. Each argument has its strings one after the other, each with a null byte at its end. */
static long spawn(struct pysys_spawn *r, const char *programs, const char *argv, const char *env)
{
    struct spawn_child c;
    struct spawn_files files = {-1, -1, -1, -1, {-1, -1}};
    void *block = NULL;
    long result;
    memset(&c, 0, sizeof c);
    c.r = r;
    c.parent_pidfd = c.ruleset = -1;
    c.listens = r->settings && r->settings->filter_flags & NEW_LISTENER;
    c.parent = getpid();
    c.waits = ((r->uid_map || r->gid_map) && !(r->asked & PYSYS_SPAWN_IN_PLACE)) ||
              (r->launch && r->launch->asked & (PYSYS_LAUNCH_INIT | PYSYS_LAUNCH_STOP));
    c.report = &c.own_report;
    r->pidfd = r->listener = -1;
    r->step = r->call = NULL;
    r->element = c.element = -1;
    if (!all_are_open(r))
        return -errno;
    c.joined = namespace_types(r);
    c.through_middle = (c.joined | (r->launch ? (int)r->launch->inside : 0)) & CLONE_NEWPID;
    if (c.through_middle && stops(r)) {         /* it would be the middle process that stops */
        r->step = "before_exec";
        r->call = "clone";
        return -EINVAL;
    }
    /* The id that the kernel writes for them would be of the namespace of their maker. */
    if ((c.through_middle || c.listens) && pysys_children_elsewhere()) {
        r->step = c.listens ? "seccomp" : c.joined & CLONE_NEWPID ? "join_namespaces" : "namespaces_inside";
        r->call = "clone";
        return -EINVAL;
    }
    if (!__atomic_load_n(&vfork_shares_memory, __ATOMIC_RELAXED) || spawn_needs_copy(&c) || c.through_middle)
        c.report = mmap(NULL, sizeof *c.report, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (c.report == MAP_FAILED)
        return -errno;
    block = spawn_prepare(&c, programs, argv, env);
    if (!block)
        result = -ENOMEM;
    else if (spawn_open(&c, r, &files) == -1)
        result = -errno;
    else
        result = r->asked & PYSYS_SPAWN_IN_PLACE ? spawn_in_place(&c, r) : spawn_with(&c, r);
    if (result < 0 && r->pidfd != -1) {
        close(r->pidfd);
        r->pidfd = -1;
    }
    if (result < 0 && r->listener != -1) {
        close(r->listener);
        r->listener = -1;
    }
    spawn_close_files(&files);
    free(block);
    if (c.report != &c.own_report)
        munmap(c.report, sizeof *c.report);
    return result;
}

long long pysys_group_id(const char *name)
{
    struct group group, *found = NULL;
    long long id = -1;
    int error = ERANGE;
    for (size_t size = 1024; error == ERANGE; size *= 2) {      /* a group with many members needs more */
        char *members = malloc(size);
        error = members ? getgrnam_r(name, &group, members, size, &found) : ENOMEM;
        if (found)
            id = group.gr_gid;
        free(members);
    }
    return id;
}
