/* What build_table.py writes of every call of this ABI that pysys makes: how calls.c converts its arguments. */

#define MOST_PARAMETERS 7

/* Kinds of parameters. A text is a string that ends with a null byte. Of memory it is known how long it has to
   be: a number says it or, of what is measured, an unsigned int in other memory. The others are for Python to
   convert, but for NULL. */
enum { A_NUMBER, A_TEXT, A_MEMORY, A_MEASURED, ANOTHER };
/* Flags of parameters. */
#define TAKES_NULL 1
#define IS_WRITTEN 2            /* by the kernel */
#define IS_BYTES 4              /* memory that any array may be */
#define HAS_DEFAULT 8           /* callers may omit it */
#define IS_NEWER 16             /* a newer kernel added it: callers of direct may omit it, too */
#define DEFAULT_IS_NULL 32      /* not 0 */
#define IS_PATH 64              /* of a text: exceptions have it as a file name */
#define IS_FOLLOWED 128         /* memory with pointers, of which Python looks where those of structures lead */

struct parameter {
    long long low, high;        /* of a number */
    long long least, scale;     /* memory has `least` bytes, and `scale` for each that `counted` says */
    signed char counted;        /* the index of the parameter that counts; -1: none */
    unsigned char kind, flags;
};

/* Flags of calls. */
#define IS_QUIET 1              /* raises no audit event */
#define KEEPS_GIL 2
#define GIVES_ADDRESS 4
#define IS_PLAIN 8              /* syscall() makes it with any arguments, each in one register */
#define FALLS_BACK 16           /* pysys.calls has an older call for kernels that do not know it */
#define IS_REPLACED 32          /* pysys.calls makes it through another */
#define GIVES_ID 64             /* and does not fail */

struct call {
    const char *name;
    const char *names;          /* of the parameters, in Python, each with a null byte at its end */
    pysys_word (*issue)(const long long *values);
    const struct parameter *parameters;
    const unsigned *refused;    /* values of the first parameter, and before them how many; NULL: none */
    int number;
    unsigned char count, flags;
};

#define LOW(type) ((type)-1 < (type)1 ? -1 - (long long)((1ULL << (8 * sizeof(type) - 1)) - 1) : 0)
#define HIGH(type) ((type)-1 < (type)1 || sizeof(type) == 8 ? (long long)((1ULL << (8 * sizeof(type) - 1)) - 1) \
                                                            : (1LL << 8 * (sizeof(type) % 8)) - 1)
#define WITHIN(type, least, most) LOW(type) < (least) ? (least) : LOW(type), \
                                  HIGH(type) > (most) ? (most) : HIGH(type)
