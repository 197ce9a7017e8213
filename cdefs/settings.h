/* What few starts set of a process, besides what struct pysys_spawn has. */

/* Bits of `asked`: which are requested, where zero is a valid value of their field. */
#define PYSYS_SETTINGS_BOUNDING 0x1
#define PYSYS_SETTINGS_PERMITTED 0x2
#define PYSYS_SETTINGS_INHERITABLE 0x4
#define PYSYS_SETTINGS_AMBIENT 0x8
#define PYSYS_SETTINGS_SECUREBITS 0x10
#define PYSYS_SETTINGS_RULESET 0x20
#define PYSYS_SETTINGS_RULES 0x40
#define PYSYS_SETTINGS_LOOPBACK 0x80
#define PYSYS_SETTINGS_PERSONALITY 0x100
#define PYSYS_SETTINGS_SUBREAPER 0x200
#define PYSYS_SETTINGS_SCHEDULING 0x400
#define PYSYS_SETTINGS_IO_PRIORITY 0x800
#define PYSYS_SETTINGS_KEYRING 0x1000

struct pysys_landlock_rule {
    const char *path;           /* NULL: a port */
    uint64_t port;
    uint64_t rights;
};

/* The kernel's struct sock_filter. */
struct pysys_instruction {
    uint16_t code;
    uint8_t jt;
    uint8_t jf;
    uint32_t k;
};

struct pysys_settings {
    unsigned asked;             /* PYSYS_SETTINGS_* */
    /* of new namespaces */
    const char *hostname;       /* NULL: not set */
    size_t hostname_size;
    const char *domainname;
    size_t domainname_size;
    const char *time_offsets;   /* text for /proc/self/timens_offsets; NULL: no new time namespace */
    size_t time_offsets_size;
    /* of the process */
    const char *oom_score_adj;  /* text for files of /proc/self */
    size_t oom_score_adj_size;
    const char *coredump_filter;
    size_t coredump_filter_size;
    unsigned personality;
    uint64_t timer_slack;       /* nanoseconds; 0: not set */
    int policy;
    int policy_priority;
    int io_priority;
    const char *keyring;        /* the name of a session keyring; NULL: a new one without a name */
    /* capabilities, of which bit n is capability n */
    uint64_t bounding;
    uint64_t permitted;
    uint64_t inheritable;
    uint64_t ambient;
    unsigned securebits;
    /* Landlock: a ruleset's descriptor, or what makes one */
    int ruleset;
    int handles_files;
    uint64_t ports_handled;
    uint64_t scoped;
    int landlock_abi;           /* the version of Landlock that there has to be; 0: what there is of it */
    size_t rules;
    struct pysys_landlock_rule *rule;
    struct pysys_mounts *mounts;        /* NULL: none */
    /* a filter of calls */
    size_t filter_size;         /* in instructions; 0: none */
    unsigned filter_flags;      /* SECCOMP_FILTER_FLAG_* */
    const struct pysys_instruction *filter;
};
