/* Calls whose results are values: C makes the call with memory of its own, and of what the kernel wrote there a
 * value. Where an argument does not fit, where there are audit hooks, which see the memory, and where a call has
 * to be made again in another way, the function in Python makes it. */
#include <time.h>

#include "structure.c"

#define MOST_MEMORY 1024   /* bytes for what the kernel writes */

/* Where an argument of the call comes from, other than a parameter of the function. */
enum { OUT = -1, NUMBER = -2, NOTHING = -3 };

struct form {
    const char *name;
    signed char from[MOST_PARAMETERS];  /* of each argument the index of a parameter, or one of the above */
    unsigned short size;                /* of the memory for each OUT; or of an item, if `counted` counts them */
    signed char counted;                /* the index of a parameter of the function; -1: none */
    unsigned short number;              /* what NUMBER is */
    unsigned char grows;                /* after EINVAL more memory may be needed, which is Python's to find out */
    /* The call without the kernel. Returns 0 if that is not possible. */
    int (*make_at_once)(const long long *values);
    /* A value of what the kernel wrote, and of its result. */
    PyObject *(*build)(Function *self, const char *memory, Py_ssize_t size, pysys_word result);
};

/* ---- values ---- */

/* How many items there are: not more than fit, whatever a supervisor answers in place of the kernel. */
static Py_ssize_t items(Py_ssize_t size, size_t unit, pysys_word result)
{
    Py_ssize_t most = size / (Py_ssize_t)unit;
    return result < most ? (Py_ssize_t)result : most;
}

static PyObject *build_ids(Function *self, const char *memory, Py_ssize_t size, pysys_word result)
{
    Py_ssize_t count = size / (Py_ssize_t)sizeof(uint32_t);
    PyObject *made = PyTuple_New(count);
    (void)self, (void)result;
    for (Py_ssize_t i = 0; made && i < count; i++) {
        uint32_t id;
        memcpy(&id, memory + (size_t)i * sizeof id, sizeof id);
        PyObject *one = PyLong_FromUnsignedLong(id);
        if (!one || PyTuple_SetItem(made, i, one) < 0)
            Py_CLEAR(made);
    }
    return made;
}

static PyObject *build_list(Function *self, const char *memory, Py_ssize_t size, pysys_word result)
{
    Py_ssize_t count = items(size, sizeof(uint32_t), result);
    PyObject *ids = build_ids(self, memory, count * (Py_ssize_t)sizeof(uint32_t), result);
    PyObject *made = ids ? PySequence_List(ids) : NULL;
    Py_XDECREF(ids);
    return made;
}

static PyObject *build_bytes(Function *self, const char *memory, Py_ssize_t size, pysys_word result)
{
    (void)self;
    return PyBytes_FromStringAndSize(memory, items(size, 1, result));
}

/* The numbers of the bits that are set, in longs. */
static PyObject *build_set(Function *self, const char *memory, Py_ssize_t size, pysys_word result)
{
    PyObject *made = PySet_New(NULL);
    Py_ssize_t count = items(size, 1, result) / (Py_ssize_t)sizeof(long);
    (void)self;
    for (Py_ssize_t i = 0; made && i < count; i++) {
        unsigned long bits;
        memcpy(&bits, memory + (size_t)i * sizeof bits, sizeof bits);
        for (; made && bits; bits &= bits - 1) {
            PyObject *number = PyLong_FromLong(8 * (long)sizeof bits * (long)i + __builtin_ctzl(bits));
            if (!number || PySet_Add(made, number) < 0)
                Py_CLEAR(made);
            Py_XDECREF(number);
        }
    }
    return made;
}

/* What values are made with. */
static PyObject *makes(Function *self)
{
    if (!__atomic_load_n(&self->makes, __ATOMIC_ACQUIRE)) {
        PyObject *made = described((PyObject *)self, "makes");
        if (!made)
            return NULL;
        set_once(&self->makes, made);
    }
    return self->makes;
}

/* (data, member of flags.EpollEvents) of each event. */
static PyObject *build_events(Function *self, const char *memory, Py_ssize_t size, pysys_word result)
{
    Py_ssize_t count = items(size, sizeof(struct kernel_epoll_event), result);
    PyObject *made = PyList_New(count);
    for (Py_ssize_t i = 0; made && i < count; i++) {
        struct kernel_epoll_event event;
        memcpy(&event, memory + (size_t)i * sizeof event, sizeof event);
        PyObject *events = PyLong_FromUnsignedLong(event.events), *data = PyLong_FromUnsignedLongLong(event.data);
        PyObject *member = events && data && makes(self) ? PyObject_GetItem(self->makes, events) : NULL;
        PyObject *pair = member ? PyTuple_New(2) : NULL;
        if (pair) {
            PyTuple_SetItem(pair, 0, Py_NewRef(data));
            PyTuple_SetItem(pair, 1, Py_NewRef(member));
        }
        if (!pair || PyList_SetItem(made, i, pair) < 0)
            Py_CLEAR(made);
        Py_XDECREF(member);
        Py_XDECREF(events);
        Py_XDECREF(data);
    }
    return made;
}

static PyObject *build_structure(Function *self, const char *memory, Py_ssize_t size, pysys_word result)
{
    PyObject *bytes = makes(self) ? PyBytes_FromStringAndSize(memory, size) : NULL;
    PyObject *made = bytes ? copied((PyTypeObject *)self->makes, bytes) : NULL;
    (void)result;
    Py_XDECREF(bytes);
    return made;
}

/* ---- calls ---- */

/* A clock that the kernel maps into the process (the vDSO), as the C library reads it. Of its errors, and of
   other clocks, the kernel is asked. */
static int read_clock(const long long *values)
{
    struct timespec time;
    struct kernel_timespec found;
    const unsigned mapped = 1U << CLOCK_REALTIME | 1U << CLOCK_MONOTONIC | 1U << CLOCK_MONOTONIC_RAW |
                            1U << CLOCK_REALTIME_COARSE | 1U << CLOCK_MONOTONIC_COARSE | 1U << CLOCK_BOOTTIME |
                            1U << CLOCK_TAI;
    if (sizeof time.tv_sec < sizeof found.tv_sec || values[0] < 0 || values[0] > 31 ||
        !(mapped & 1U << values[0]) || clock_gettime((clockid_t)values[0], &time) == -1)
        return 0;
    found.tv_sec = time.tv_sec;
    found.tv_nsec = time.tv_nsec;
    memcpy((void *)(uintptr_t)values[1], &found, sizeof found);
    return 1;
}

static const struct form forms[] = {
    {"clock_getres", {0, OUT}, sizeof(struct kernel_timespec), -1, 0, 0, NULL, build_structure},
    {"clock_gettime", {0, OUT}, sizeof(struct kernel_timespec), -1, 0, 0, read_clock, build_structure},
    {"epoll_wait", {0, OUT, 1, 2}, sizeof(struct kernel_epoll_event), 1, 0, 0, NULL, build_events},
    {"getcpu", {OUT, OUT, NOTHING}, sizeof(uint32_t), -1, 0, 0, NULL, build_ids},
    {"getgroups", {NUMBER, OUT}, 64 * sizeof(uint32_t), -1, 64, 1, NULL, build_list},
    {"getitimer", {0, OUT}, sizeof(struct kernel_itimerval), -1, 0, 0, NULL, build_structure},
    {"getrandom", {OUT, 0, 1}, 1, 0, 0, 0, NULL, build_bytes},
    {"getresgid", {OUT, OUT, OUT}, sizeof(uint32_t), -1, 0, 0, NULL, build_ids},
    {"getresuid", {OUT, OUT, OUT}, sizeof(uint32_t), -1, 0, 0, NULL, build_ids},
    {"sched_getaffinity", {0, NUMBER, OUT}, 128, -1, 128, 1, NULL, build_set},
    {"sched_rr_get_interval", {0, OUT}, sizeof(struct kernel_timespec), -1, 0, 0, NULL, build_structure},
    {"statx", {0, 1, 2, 3, OUT}, sizeof(struct kernel_statx), -1, 0, 0, NULL, build_structure},
    {"sysinfo", {OUT}, sizeof(struct kernel_sysinfo), -1, 0, 0, NULL, build_structure},
    {"timer_gettime", {0, OUT}, sizeof(struct kernel_itimerspec), -1, 0, 0, NULL, build_structure},
    {"uname", {OUT}, sizeof(struct kernel_utsname), -1, 0, 0, NULL, build_structure},
};

static const struct form *find_form(const Function *typed)
{
    for (size_t i = 0; typed->call && i < sizeof forms / sizeof *forms; i++)
        if (strcmp(typed->call->name, forms[i].name) == 0)
            return &forms[i];
    return NULL;
}

static PyObject *notice(void *seen)
{
    *(int *)seen = 1;
    PyErr_SetNone(PyExc_RuntimeError);
    return NULL;
}

/* Whether there are audit hooks: objects are only made for them, and where one cannot be made none is called. */
static int has_hooks(void)
{
    int seen = 0;
    if (raise_event("pysys.syscall", "O&", notice, &seen) < 0)
        PyErr_Clear();
    return seen;
}

/* Fills in the arguments, as the kernel takes them and as errors show them (`shown`, where memory is True).
   Returns how much memory the kernel fills; 0: Python has to look at them. */
static Py_ssize_t take_values(Function *self, PyObject *const *args, char *memory, long long *values,
                              PyObject **shown)
{
    const struct form *form = self->form;
    const struct call *call = ((Function *)self->typed)->call;
    Py_ssize_t filled = 0;
    long long size = form->size;
    for (int i = 0; i < call->count; i++) {
        int from = form->from[i];
        shown[i] = from >= 0 ? args[from] : from == OUT ? Py_True : Py_None;
        values[i] = from == NUMBER ? form->number : 0;
        if (from >= 0 && !take_plain(&call->parameters[i], args[from], self->family, &values[i]))
            return 0;
        if (from >= 0 && from == form->counted &&
            (values[i] < 1 || __builtin_mul_overflow(size, values[i], &size)))
            return 0;
    }
    for (int i = 0; i < call->count; i++) {
        if (form->from[i] != OUT)
            continue;
        if (size > MOST_MEMORY - filled)
            return 0;
        values[i] = (long long)(uintptr_t)(memory + filled);
        filled += (Py_ssize_t)size;
    }
    memset(memory, 0, (size_t)filled);
    return filled;
}

static pysys_word issue_form(const struct form *form, const struct call *call, const long long *values)
{
    if (form->make_at_once && form->make_at_once(values))
        return 0;
    if (call->flags & KEEPS_GIL)
        return call->issue(values);
    PyThreadState *thread = PyEval_SaveThread();
    pysys_word result = call->issue(values);
    PyEval_RestoreThread(thread);
    return result;
}

/* Whether an interrupted call is made again, after the handlers of signals; -1 with an exception. */
static int is_repeated(Function *self, PyObject *const *shown, Py_ssize_t count)
{
    PyObject *answer = ask(self, SETTLES, shown, count, NULL);
    int repeated = answer ? PyObject_IsTrue(answer) : -1;
    Py_XDECREF(answer);
    return repeated;
}

static PyObject *make_value_call(PyObject *object, PyObject *const *args, size_t nargsf, PyObject *names)
{
    Function *self = (Function *)object, *typed = (Function *)self->typed;
    const struct call *call = typed->call;
    Py_ssize_t count = NARGS(nargsf), most = PyTuple_Size(self->names);
    PyObject *all[MOST_PARAMETERS], *shown[MOST_PARAMETERS];
    long long values[MOST_PARAMETERS];
    char memory[MOST_MEMORY] __attribute__((aligned(16)));
    pysys_word result;
    int repeated = 0;
    if (names || count != most) {
        if (!put_named(self, args, count, names, all))
            return misbound(self, args, count, names);
        args = all;
        count = most;
    }
    Py_ssize_t filled = take_values(self, args, memory, values, shown);
    if (!filled || (!(call->flags & IS_QUIET) && has_hooks()))
        return misbound(self, args, count, NULL);
    do
        result = issue_form(self->form, call, values);
    while (result == -EINTR && (repeated = is_repeated(self, shown, call->count)) == 1);
    if (repeated < 0)
        return NULL;
    if (result >= 0)
        return self->form->build(self, memory, filled, result);
    if (result == -ENOSYS || (result == -EINVAL && self->form->grows)) /* nothing was done */
        return misbound(self, args, count, NULL);
    return failed(typed, shown, call->count, (int)-result);
}
