/* spawn: start a program in a new process, without copying this one's memory. */

/* Bits of `asked`: which settings are requested, where zero is a valid value of their field. */
#define PYSYS_SPAWN_SESSION 0x1
#define PYSYS_SPAWN_PROCESS_GROUP 0x2
#define PYSYS_SPAWN_TERMINAL 0x4
#define PYSYS_SPAWN_CLOSE 0x8
#define PYSYS_SPAWN_PRIORITY 0x10
#define PYSYS_SPAWN_UMASK 0x20
#define PYSYS_SPAWN_CWD_FD 0x40
#define PYSYS_SPAWN_GROUPS 0x80
#define PYSYS_SPAWN_GID 0x100
#define PYSYS_SPAWN_UID 0x200
#define PYSYS_SPAWN_NO_NEW_PRIVS 0x400
#define PYSYS_SPAWN_RESTORE_SIGNALS 0x800
#define PYSYS_SPAWN_MASK 0x1000
#define PYSYS_SPAWN_PROGRAM_FD 0x2000
#define PYSYS_SPAWN_CGROUP 0x4000
#define PYSYS_SPAWN_PIDFD 0x8000
#define PYSYS_SPAWN_IN_PLACE 0x10000000     /* by this process, which is replaced */

/* A source of a descriptor that means /dev/null, the same number as in subprocess. */
#define PYSYS_SPAWN_DEVNULL -3

struct pysys_rlimit {
    int resource;
    uint64_t soft;
    uint64_t hard;
};

struct pysys_spawn {
    /* in: how many strings there are */
    size_t programs;            /* tried in this order */
    size_t argc;
    size_t envc;
    int program_fd;
    unsigned asked;             /* PYSYS_SPAWN_* */
    /* in: how the process is made */
    uint64_t namespaces;        /* CLONE_NEW* */
    int cgroup;                 /* descriptor of the cgroup's directory */
    const char *cgroup_path;    /* the directory, if there is no descriptor of it yet */
    const char *uid_map;        /* the text of /proc/PID/uid_map; NULL: none */
    const char *gid_map;
    /* in: what the child does */
    size_t joins;               /* namespaces to enter: descriptors, and setns's second arguments */
    int *join;
    int *join_flags;
    int process_group;
    int terminal;
    size_t maps;                /* descriptors: ascending targets, and the sources that become them */
    int *targets;
    int *sources;
    size_t rlimits;
    struct pysys_rlimit *rlimit;
    int priority;
    size_t cpus;
    int *cpu;
    unsigned umask;
    const char *chroot;
    const char *cwd;
    int cwd_fd;
    size_t groups;
    uint32_t *group;
    uint32_t gid;
    uint32_t uid;
    uint64_t ambient_caps;      /* bit n: capability n */
    int pdeathsig;
    uint64_t signals_default[2];    /* bit n - 1: signal n */
    uint64_t signals_ignored[2];
    uint64_t signal_mask[2];
    struct pysys_settings *settings;    /* NULL: none of these */
    struct pysys_launch *launch;        /* the same */
    /* out */
    struct pysys_child *child;  /* gets the process, before a signal handler can run */
    int pidfd;                  /* of the child; -1: none */
    int listener;               /* of the child's filter; -1: none */
    uint64_t flags;             /* of the call that makes the child */
    const char *step;           /* the parameter of spawn that the failed call was for; NULL: none */
    const char *call;           /* the call that failed */
    int element;                /* which of those that the parameter has: an index, the number of a descriptor or
                                   signal in the child; -1: none */
    int began;                  /* in place: whether steps were made, and so this process has changed */
};

/* The id of the group of that name, as grp.getgrnam has it, whose import takes longer than the question; -1: there is
   none. */
long long pysys_group_id(const char *name);
