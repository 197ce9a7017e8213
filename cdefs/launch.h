/* What few starts ask for of the start itself: its terminal, the parent's part in it, and a process 1 of its own. */

/* Bits of `asked`: which are requested. */
#define PYSYS_LAUNCH_FOREGROUND 0x1
#define PYSYS_LAUNCH_STEAL 0x2
#define PYSYS_LAUNCH_NUMA 0x4
#define PYSYS_LAUNCH_INIT 0x8
#define PYSYS_LAUNCH_STOP 0x10

struct pysys_launch {
    unsigned asked;             /* PYSYS_LAUNCH_* */
    int foreground;             /* a terminal's descriptor */
    uint64_t inside;            /* CLONE_NEW*: namespaces that are made after others were joined */
    int numa_mode;
    unsigned long numa_bits;    /* of the words in numa_nodes */
    unsigned long *numa_nodes;
    size_t own_ids;             /* variables with the child's own id: "NAME=", and after it space for ten digits */
    char **own_id;
    int (*stop)(void *, int);   /* the parent's part, while the child waits: returns 0, or -1 to end it */
    void *stop_context;
    /* out */
    int group_before;           /* that was in the foreground, until this start took its place; 0: none */
};

struct pysys_spawn;

/* Gives the terminal back to the group that was in the foreground, for a start that will not be known. */
void pysys_give_terminal_back(struct pysys_spawn *r);
