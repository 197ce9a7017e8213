/* What of starting and waiting for programs takes Python's objects as they are, because that is faster: strings,
   the base of Child, spawn with the settings that most starts have, and fork. What does not fit is left to Python,
   which also says what is wrong with it. */

/* ---- strings in a row, each with a null byte at its end ---- */

struct strings {
    char *text;                 /* local, or from malloc */
    size_t used, reserved, count;
    char local[4096];
};

static void strings_begin(struct strings *s)
{
    s->text = s->local;
    s->used = s->count = 0;
    s->reserved = sizeof s->local;
}

static void strings_end(struct strings *s)
{
    if (s->text != s->local)
        free(s->text);
}

/* Makes space for a part. Returns 1; or -1, and sets MemoryError. */
static int strings_reserve(struct strings *s, size_t size)
{
    if (size > s->reserved - s->used) {
        size_t reserved = 2 * (s->used + size);
        int fits = size <= SIZE_MAX / 2 - s->used; /* with 32 bits two strings of 1 GB do not */
        char *more = fits ? realloc(s->text == s->local ? NULL : s->text, reserved) : NULL;
        if (!more) {
            PyErr_NoMemory();
            return -1;
        }
        if (s->text == s->local)
            memcpy(more, s->local, s->used);
        s->text = more;
        s->reserved = reserved;
    }
    return 1;
}

/* Returns as strings_reserve does. The part is not among the strings. */
static int strings_add(struct strings *s, const char *part, size_t size)
{
    if (strings_reserve(s, size) == -1)
        return -1;
    memcpy(s->text + s->used, part, size);
    s->used += size;
    return 1;
}

/* Adds a str or bytes, and then a character. Returns 1; 0 if it is anything else, has a null byte, has the other
   character, or cannot be encoded; -1 and sets an exception if memory runs out. */
static int strings_add_object(struct strings *s, PyObject *object, char end, char without)
{
    PyObject *encoded = NULL;
    const char *text = NULL;
    Py_ssize_t size = 0;
    if (PyUnicode_CheckExact(object)) {
        text = PyUnicode_AsUTF8AndSize(object, &size);
        /* ASCII is the same in the encoding of file names, whatever that is. */
        if (!text || size != PyUnicode_GetLength(object)) {
            PyErr_Clear();
            text = NULL;
            encoded = PyUnicode_EncodeFSDefault(object);
            if (!encoded) {
                int memory = PyErr_ExceptionMatches(PyExc_MemoryError);
                if (!memory)
                    PyErr_Clear();
                return memory ? -1 : 0;
            }
        }
    } else if (PyBytes_CheckExact(object)) {
        encoded = Py_NewRef(object);
    } else {
        return 0;
    }
    if (encoded) {
        text = PyBytes_AsString(encoded);
        size = PyBytes_Size(encoded);
    }
    int result = 0;
    if (!memchr(text, '\0', (size_t)size) && !(without && memchr(text, without, (size_t)size))) {
        result = strings_add(s, text, (size_t)size);
        if (result == 1)
            result = strings_add(s, &end, 1);
    }
    Py_XDECREF(encoded);
    s->count += result == 1 && end == '\0';
    return result;
}

/* What was collected, as bytes; None for 0; NULL for -1. */
static PyObject *strings_result(struct strings *s, int result)
{
    PyObject *joined = NULL;
    if (result == 1)
        joined = PyBytes_FromStringAndSize(s->text, (Py_ssize_t)s->used);
    else if (result == 0)
        joined = Py_NewRef(Py_None);
    strings_end(s);
    return joined;
}

/* Adds what a list or tuple has. Returns as strings_add_object does. */
static int strings_add_list(struct strings *s, PyObject *from)
{
    int result = PyList_CheckExact(from) || PyTuple_CheckExact(from);
    for (Py_ssize_t i = 0; result == 1 && i < PySequence_Size(from); i++) {
        PyObject *one = PySequence_GetItem(from, i);
        if (!one) {     /* another thread has shortened the list meanwhile */
            PyErr_Clear();
            break;
        }
        result = strings_add_object(s, one, '\0', 0);
        Py_DECREF(one);
    }
    return result;
}

/* Adds NAME=value for each that a dict has. Returns as strings_add_object does. */
static int strings_add_variables(struct strings *s, PyObject *from)
{
    if (!PyDict_CheckExact(from))
        return 0;
    PyObject *items = PyDict_Items(from);
    int result = items ? 1 : -1;
    for (Py_ssize_t i = 0; result == 1 && i < PyList_Size(items); i++) {
        PyObject *item = PyList_GetItem(items, i);      /* the list is ours */
        result = strings_add_object(s, PyTuple_GetItem(item, 0), '=', '=');
        if (result == 1)
            result = strings_add_object(s, PyTuple_GetItem(item, 1), '\0', 0);
    }
    Py_XDECREF(items);
    return result;
}

static int add_environment(struct strings *s)
{
    int result = 1;
    for (char **from = environ; result == 1 && from && *from; from++) {
        result = strings_add(s, *from, strlen(*from) + 1);
        if (result == 1) {
            s->text[s->used - 1] = '\0';
            s->count++;
        }
    }
    return result;
}

/* strings_add_environment(): adds this process's environment: a copy, because os.putenv in another thread must not
   move it meanwhile. With a GIL, which the caller holds, that thread has to wait. Returns as strings_add does. */
#ifdef Py_GIL_DISABLED
struct environment_copy {
    struct strings *strings;
    int result, made;
};

static int copy_environment(PyObject *object, void *context)
{
    struct environment_copy *copy = context;
    (void)object;
    if (!copy->made)
        copy->result = add_environment(copy->strings);
    copy->made = 1;
    return 0;
}

/* Without one, other threads stop while objects are visited: for the first of them, the environment is copied. */
static int strings_add_environment(struct strings *s)
{
    struct environment_copy copy = {s, 1, 0};
    PyUnstable_GC_VisitObjects(copy_environment, &copy);
    return copy.result;
}
#else
static int strings_add_environment(struct strings *s)
{
    return add_environment(s);
}
#endif

/* join_environment(): this process's environment as bytes. */
static PyObject *join_environment(PyObject *self, PyObject *unused)
{
    struct strings s;
    (void)self, (void)unused;
    strings_begin(&s);
    return strings_result(&s, strings_add_environment(&s));
}

/* join_strings(strings): a list or tuple of str and bytes as bytes, or None. */
static PyObject *join_strings(PyObject *self, PyObject *from)
{
    struct strings s;
    (void)self;
    strings_begin(&s);
    return strings_result(&s, strings_add_list(&s, from));
}

/* join_variables(mapping): a dict of str and bytes as bytes, NAME=value for each, or None. */
static PyObject *join_variables(PyObject *self, PyObject *from)
{
    struct strings s;
    (void)self;
    strings_begin(&s);
    return strings_result(&s, strings_add_variables(&s, from));
}

/* ---- Process: the base of Child, which has struct pysys_child and what is done with it ---- */

struct process {
    PyObject_HEAD
    PyObject *weak_references;
    PyObject *listener;         /* of the child's filter; NULL: none */
    PyObject *streams, *oom_kills;      /* Python's alone */
    struct pysys_child child;
};

static struct pysys_child *child_of(PyObject *self)
{
    return &((struct process *)self)->child;
}

static PyObject *process_new(PyTypeObject *type, PyObject *args, PyObject *named)
{
    (void)args, (void)named;
    PyObject *self = PyType_GenericAlloc(type, 0);      /* zeroed */
    if (self)
        child_of(self)->pidfd = -1;
    return self;
}

/* A Child is deleted: its pidfd is closed, unless its process still runs, which Python then keeps until it can be
   reaped. In a process that was forked since, the pidfd's number may be another file's. */
static void process_finalize(PyObject *self)
{
    struct pysys_child *child = child_of(self);
    int runs = child->pid && child_state(child) == PYSYS_RUNS;
    PyObject *type, *value, *traceback;
    if ((!runs && child->pidfd == -1) || !child_is_ours(child))
        return;
    if (!runs) {
        child_close(child);
        return;
    }
    PyErr_Fetch(&type, &value, &traceback);
    PyObject *result = PyObject_CallMethod(self, "_still_runs", NULL);
    if (!result)
        PyErr_WriteUnraisable(self);
    Py_XDECREF(result);
    PyErr_Restore(type, value, traceback);
}

static void process_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    PyObject_ClearWeakRefs(self);
    Py_CLEAR(((struct process *)self)->listener);
    Py_CLEAR(((struct process *)self)->streams);
    Py_CLEAR(((struct process *)self)->oom_kills);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static PyObject *process_field(PyObject *self, void *offset)
{
    const int *field = (const int *)((char *)child_of(self) + (uintptr_t)offset);
    return PyLong_FromLong(__atomic_load_n(field, __ATOMIC_SEQ_CST));
}

/* Two ints that C takes. Returns 0, or -1 and sets an exception. */
static int two_ints(PyObject *const *args, Py_ssize_t count, int *first, int *second)
{
    if (count != 2) {
        PyErr_SetString(PyExc_TypeError, "takes two ints");
        return -1;
    }
    *first = (int)PyLong_AsLong(args[0]);
    if (*first == -1 && PyErr_Occurred())
        return -1;
    *second = (int)PyLong_AsLong(args[1]);
    return *second == -1 && PyErr_Occurred() ? -1 : 0;
}

/* _started(pid, pidfd): fills it in. */
static PyObject *process_started(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    int pid, pidfd;
    if (two_ints(args, count, &pid, &pidfd) == -1)
        return NULL;
    child_started(child_of(self), pid, pidfd, getpid());
    return Py_NewRef(Py_None);
}

static PyObject *process_is_ours(PyObject *self, PyObject *unused)
{
    (void)unused;
    return PyBool_FromLong(child_is_ours(child_of(self)));
}

/* _reap(options): what child_reap returns. */
static PyObject *process_reap(PyObject *self, PyObject *options)
{
    int value = (int)PyLong_AsLong(options);
    if (value == -1 && PyErr_Occurred())
        return NULL;
    PyThreadState *thread = PyEval_SaveThread();
    long result = child_reap(child_of(self), value);
    PyEval_RestoreThread(thread);
    return PyLong_FromLong(result);
}

/* _await_end(nanoseconds): what child_poll returns. */
static PyObject *process_await_end(PyObject *self, PyObject *timeout)
{
    long long value = PyLong_AsLongLong(timeout);
    if (value == -1 && PyErr_Occurred())
        return NULL;
    PyThreadState *thread = PyEval_SaveThread();
    long result = child_poll(child_of(self), value);
    PyEval_RestoreThread(thread);
    return PyLong_FromLong(result);
}

/* _send_signal(number): what child_send_signal returns. */
static PyObject *process_send_signal(PyObject *self, PyObject *number)
{
    int value = (int)PyLong_AsLong(number);
    if (value == -1 && PyErr_Occurred())
        return NULL;
    PyThreadState *thread = PyEval_SaveThread();
    long result = child_send_signal(child_of(self), value);
    PyEval_RestoreThread(thread);
    return PyLong_FromLong(result);
}

/* _usage(): the 16 values, or None. */
static PyObject *process_usage(PyObject *self, PyObject *unused)
{
    long long usage[16];
    (void)unused;
    if (!child_usage(child_of(self), usage))
        return Py_NewRef(Py_None);
    PyObject *values = PyTuple_New(16);
    for (Py_ssize_t i = 0; values && i < 16; i++) {
        PyObject *value = PyLong_FromLongLong(usage[i]);
        if (!value || PyTuple_SetItem(values, i, value) == -1)
            Py_CLEAR(values);
    }
    return values;
}

/* _duplicate(process): what child_duplicate returns. */
static PyObject *process_duplicate(PyObject *self, PyTypeObject *type, PyObject *const *args, Py_ssize_t count,
                                   PyObject *names)
{
    if (count != 1 || names || !PyObject_TypeCheck(args[0], type)) {
        PyErr_SetString(PyExc_TypeError, "takes a process");
        return NULL;
    }
    return PyLong_FromLong(child_duplicate(child_of(self), child_of(args[0])));
}

static PyObject *process_close(PyObject *self, PyObject *unused)
{
    (void)unused;
    PyThreadState *thread = PyEval_SaveThread();
    long result = child_close(child_of(self));
    PyEval_RestoreThread(thread);
    return PyLong_FromLong(result);
}

static PyObject *process_detach(PyObject *self, PyObject *unused)
{
    (void)unused;
    return PyLong_FromLong(child_detach(child_of(self)));
}

/* ---- spawn ---- */

static size_t strings_in(PyObject *joined)
{
    const char *text = PyBytes_AsString(joined);
    size_t count = 0;
    for (Py_ssize_t i = 0; i < PyBytes_Size(joined); i++)
        count += text[i] == '\0';
    return count;
}

/* What the parent does while a child waits: function(child). */
struct parents_part {
    PyThreadState *thread;
    PyObject *function, *child;
};

static int do_parents_part(void *context, int parent)
{
    struct parents_part *part = context;
    PyEval_RestoreThread(part->thread);
    PyObject *result = PyObject_CallFunctionObjArgs(part->function, part->child, NULL);
    Py_XDECREF(result);
    if (result && getpid() != parent) {
        PyErr_SetString(PyExc_RuntimeError, "spawn: before_exec returned in a process that it forked");
        result = NULL;
    }
    part->thread = PyEval_SaveThread();
    return result ? 0 : -1;
}

/* Starts the program. Returns True, or (errno, step, call, element) of what failed. function: the parent's part, or
   NULL; what it raises is raised, and the child still waits then. */
static PyObject *start(PyObject *self, struct pysys_spawn *r, const char *programs, const char *argv, const char *env,
                       PyObject *function)
{
    struct parents_part part = {NULL, function, self};
    r->child = child_of(self);
    if (function) {
        r->launch->stop = do_parents_part;
        r->launch->stop_context = &part;
    }
    part.thread = PyEval_SaveThread();
    long result = spawn(r, programs, argv, env);
    PyEval_RestoreThread(part.thread);
    if (function && PyErr_Occurred())
        return NULL;
    if (result > 0)
        return Py_NewRef(Py_True);
    return Py_BuildValue("lzsi", -result, r->step, r->call ? r->call : "mmap", r->element);
}

/* _start_as(request, programs, argv, env, function): starts what a struct pysys_spawn, given by its address, asks for.
   The strings are joined; env None: this process's environment; function None: the parent has no part in it. Returns
   as start does. */
static PyObject *process_start_as(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    if (count != 5 || !PyBytes_CheckExact(args[1]) || !PyBytes_CheckExact(args[2]) ||
        !(args[3] == Py_None || PyBytes_CheckExact(args[3]))) {
        PyErr_SetString(PyExc_TypeError, "takes an address, three strings and a function");
        return NULL;
    }
    struct pysys_spawn *r = PyLong_AsVoidPtr(args[0]);
    if (!r)
        return NULL;
    struct strings environment;
    strings_begin(&environment);
    if (args[3] == Py_None && strings_add_environment(&environment) == -1)
        return strings_result(&environment, -1);
    r->programs = strings_in(args[1]);
    r->argc = strings_in(args[2]);
    r->envc = args[3] == Py_None ? environment.count : strings_in(args[3]);
    PyObject *result = start(self, r, PyBytes_AsString(args[1]), PyBytes_AsString(args[2]),
                             args[3] == Py_None ? environment.text : PyBytes_AsString(args[3]),
                             args[4] == Py_None ? NULL : args[4]);
    strings_end(&environment);
    return result;
}

/* The functions that follow return 1; 0: Python has to look at the argument; add_fds also -1, and sets an
   exception. */

static int to_number(PyObject *object, long least, long most, int *number)
{
    int overflow;
    if (!PyLong_CheckExact(object))
        return 0;
    long value = PyLong_AsLongAndOverflow(object, &overflow);
    *number = (int)value;
    return !overflow && value >= least && value <= most;
}

/* Adds a number from 0 to `most`, or None. */
static int add_number(struct pysys_spawn *r, PyObject *object, long most, unsigned setting, void *place)
{
    if (object == Py_None)
        return 1;
    r->asked |= setting;
    return to_number(object, 0, most, place);
}

#define MOST_MAPS 32

/* Targets are ascending. */
static int add_map(struct pysys_spawn *r, int target, int source)
{
    size_t at = r->maps;
    for (; at && r->targets[at - 1] >= target; at--) {
        if (r->targets[at - 1] == target)
            return 0;
        r->targets[at] = r->targets[at - 1];
        r->sources[at] = r->sources[at - 1];
    }
    r->targets[at] = target;
    r->sources[at] = source;
    r->maps++;
    return source >= 0 || source == PYSYS_SPAWN_DEVNULL;
}

static int add_stream(struct pysys_spawn *r, int target, PyObject *object)
{
    int source, stdout_is = r->maps && r->targets[r->maps - 1] == 1 ? r->sources[r->maps - 1] : 1;
    if (object == Py_None)
        return 1;
    if (!to_number(object, PYSYS_SPAWN_DEVNULL, INT_MAX, &source))
        return 0;
    if (target == 2 && source == -2)        /* STDOUT */
        source = stdout_is;
    return add_map(r, target, source);
}

static int add_fds(struct pysys_spawn *r, PyObject *object)
{
    if (object == Py_None)
        return 1;
    if (!PyDict_CheckExact(object))
        return 0;
    PyObject *items = PyDict_Items(object);
    int target, source, result = items ? PyList_Size(items) <= MOST_MAPS - 3 : -1;
    for (Py_ssize_t i = 0; result == 1 && i < PyList_Size(items); i++) {
        PyObject *item = PyList_GetItem(items, i);
        result = to_number(PyTuple_GetItem(item, 0), 0, INT_MAX - 1, &target) &&
                 to_number(PyTuple_GetItem(item, 1), PYSYS_SPAWN_DEVNULL, INT_MAX, &source) &&
                 add_map(r, target, source);
    }
    Py_XDECREF(items);
    return result;
}

/* Adds True or False. */
static int add_truth(struct pysys_spawn *r, PyObject *object, unsigned setting)
{
    r->asked |= object == Py_True ? setting : 0;
    return object == Py_True || object == Py_False;
}

/* The arguments of _start. */
enum { ARGV, EXECUTABLE, CWD, ENV, STDIN, STDOUT, STDERR, FDS, CLOSE_FDS, UMASK, START_NEW_SESSION, PROCESS_GROUP,
       RESTORE_SIGNALS, PIDFD, ANNOUNCES, START_ARGUMENTS };

struct collected {
    struct strings strings;     /* argv, then env, cwd, executable and the paths where the program may be */
    size_t env, cwd, executable, programs;      /* where these begin */
    int targets[MOST_MAPS], sources[MOST_MAPS];
};

/* Adds the paths where the executable may be, in the directories of PATH in env, if it is not a path itself.
   Returns as strings_add_object does. */
static int add_programs(struct pysys_spawn *r, struct collected *from)
{
    struct strings *s = &from->strings;
    size_t name = strlen(s->text + from->executable) + 1, path = 0, variable = from->env;
    from->programs = from->executable;
    r->programs = 1;
    if (strchr(s->text + from->executable, '/'))
        return 1;
    for (size_t i = 0; i < r->envc; i++) {
        if (strncmp(s->text + variable, "PATH=", 5) == 0) {
            if (path)       /* there can be two: str and bytes */
                return 0;
            path = variable + 5;
        }
        variable += strlen(s->text + variable) + 1;
    }
    from->programs = s->used;
    r->programs = 0;
    for (int more = path != 0; more; r->programs++) {
        size_t directory = strcspn(s->text + path, ":");
        if (strings_reserve(s, directory + 1 + name) == -1)
            return -1;
        memcpy(s->text + s->used, s->text + path, directory);
        s->used += directory;
        if (directory && s->text[s->used - 1] != '/')
            s->text[s->used++] = '/';
        memcpy(s->text + s->used, s->text + from->executable, name);
        s->used += name;
        more = s->text[path + directory] == ':';
        path += directory + 1;
    }
    return r->programs != 0;
}

/* Returns 1; 0: Python has to look at the arguments; -1 and sets an exception. */
static int collect(struct pysys_spawn *r, struct collected *from, PyObject *const *args)
{
    struct strings *s = &from->strings;
    r->targets = from->targets;
    r->sources = from->sources;
    if (!add_stream(r, 0, args[STDIN]) || !add_stream(r, 1, args[STDOUT]) || !add_stream(r, 2, args[STDERR]) ||
        !add_number(r, args[UMASK], 0777, PYSYS_SPAWN_UMASK, &r->umask) ||
        !add_number(r, args[PROCESS_GROUP], INT_MAX, PYSYS_SPAWN_PROCESS_GROUP, &r->process_group) ||
        !add_truth(r, args[CLOSE_FDS], PYSYS_SPAWN_CLOSE) ||
        !add_truth(r, args[RESTORE_SIGNALS], PYSYS_SPAWN_RESTORE_SIGNALS) ||
        !add_truth(r, args[PIDFD], PYSYS_SPAWN_PIDFD) ||
        !add_truth(r, args[START_NEW_SESSION], PYSYS_SPAWN_SESSION))
        return 0;
    int result = add_fds(r, args[FDS]);
    if (result == 1)
        result = strings_add_list(s, args[ARGV]);
    r->argc = s->count;
    from->env = s->used;
    if (result == 1)
        result = r->argc != 0;
    if (result == 1)
        result = args[ENV] == Py_None ? strings_add_environment(s) : strings_add_variables(s, args[ENV]);
    r->envc = s->count - r->argc;
    from->cwd = s->used;
    if (result == 1 && args[CWD] != Py_None)
        result = strings_add_object(s, args[CWD], '\0', 0);
    from->executable = args[EXECUTABLE] != Py_None ? s->used : 0;
    if (result == 1 && args[EXECUTABLE] != Py_None)
        result = strings_add_object(s, args[EXECUTABLE], '\0', 0);
    if (result == 1)
        result = add_programs(r, from);
    r->cwd = args[CWD] != Py_None ? s->text + from->cwd : NULL;
    return result;
}

static PyObject *as_list(void *sequence)
{
    return PySequence_List(sequence);
}

struct part {                   /* of strings; text NULL: none */
    const char *text;
    size_t count;
};

/* A list of bytes, or None. */
static PyObject *as_bytes(void *part)
{
    const struct part *from = part;
    const char *text = from->text;
    PyObject *list = text ? PyList_New(0) : Py_NewRef(Py_None);
    for (size_t i = 0; list && text && i < from->count; i++) {
        PyObject *one = PyBytes_FromString(text);
        if (!one || PyList_Append(list, one) == -1)
            Py_CLEAR(list);
        Py_XDECREF(one);
        text += strlen(text) + 1;
    }
    return list;
}

static PyObject *as_tuple_of_bytes(void *part)
{
    PyObject *list = as_bytes(part), *tuple = list ? PyList_AsTuple(list) : NULL;
    Py_XDECREF(list);
    return tuple;
}

/* Raises the audit events. Their objects are only made where there is a hook. Returns 1, or -1 if a hook raised. */
static int raise_events(const struct pysys_spawn *r, const struct collected *from, PyObject *const *args)
{
    const char *text = from->strings.text;
    struct part programs = {text + from->programs, r->programs};
    struct part variables = {args[ENV] == Py_None ? NULL : text + from->env, r->envc};
    PyObject *program = args[EXECUTABLE];
    program = program == Py_None ? PySequence_GetItem(args[ARGV], 0) : Py_NewRef(program);
    if (!program)
        return -1;
    int result = raise_event("pysys.spawn", "OOOO", program, args[ARGV], args[CWD], args[ENV]);
    Py_DECREF(program);
    if (result == 0 && args[ANNOUNCES] == Py_True)
        result = raise_event("_posixsubprocess.fork_exec", "O&O&O&", as_tuple_of_bytes, &programs, as_list,
                             args[ARGV], as_bytes, &variables);
    return result == 0 ? 1 : -1;
}

/* _start(argv, executable, cwd, env, stdin, stdout, stderr, fds, close_fds, umask, start_new_session, process_group,
   restore_signals, pidfd, announces): starts a program; the arguments are spawn's. announces: whether CPython's own event is
   raised, too. Returns as start does; None if Python has to look at the arguments: nothing has happened then. */
static PyObject *process_start(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    struct pysys_spawn r;
    struct collected from;
    PyObject *outcome = NULL;
    if (count != START_ARGUMENTS) {
        PyErr_SetString(PyExc_TypeError, "takes 15 arguments");
        return NULL;
    }
    memset(&r, 0, sizeof r);
    strings_begin(&from.strings);
    int result = collect(&r, &from, args);
    if (result == 1)
        result = raise_events(&r, &from, args);
    const char *text = from.strings.text;
    if (result == 1)
        outcome = start(self, &r, text + from.programs, text, text + from.env, NULL);
    else if (result == 0)
        outcome = Py_NewRef(Py_None);
    strings_end(&from.strings);
    return outcome;
}

/* ---- fork, vfork, clone and clone3 with nothing but flags ---- */

/* The children of the last 64 callers. A caller looks only at its own entry, and only after an exception.
   Between its call and that, other threads and signal handlers may make calls. */
static struct {
    _Atomic unsigned ticket;    /* of the call, new for each */
    _Atomic int pid;
    _Atomic int pidfd;          /* -1: none */
} plain_children[64];

static void remember(unsigned ticket, long pid, int pidfd)
{
    int at = ticket % (sizeof plain_children / sizeof *plain_children);
    plain_children[at].ticket = 0;
    plain_children[at].pid = (int)pid;
    plain_children[at].pidfd = pidfd;
    plain_children[at].ticket = ticket;
}

/* ticket(): a new one. */
static PyObject *new_ticket(PyObject *self, PyObject *unused)
{
    static _Atomic unsigned last;
    (void)self, (void)unused;
    return PyLong_FromUnsignedLong(++last);
}

/* abandon_plain(ticket): ends and reaps the child that create_plain made, and closes its pidfd, for a caller that
   will not learn of it. */
static PyObject *abandon_plain(PyObject *self, PyObject *object)
{
    (void)self;
    unsigned ticket = (unsigned)PyLong_AsUnsignedLong(object);
    if (PyErr_Occurred())
        return NULL;
    int at = ticket % (sizeof plain_children / sizeof *plain_children);
    if (plain_children[at].ticket == ticket) {
        int pid = plain_children[at].pid, pidfd = plain_children[at].pidfd;
        if (plain_children[at].ticket == ticket) {  /* not overwritten meanwhile */
            end_child(pid, 0);
            if (pidfd != -1)
                close(pidfd);
        }
    }
    return Py_NewRef(Py_None);
}

/* is_main(): whether this is the main interpreter. */
static PyObject *is_main(PyObject *self, PyObject *none)
{
    (void)self, (void)none;
    return PyBool_FromLong(PyInterpreterState_GetID(PyInterpreterState_Get()) == 0);
}

/* Returns 1 where os.fork refuses, too: in a subinterpreter, and when the interpreter has begun to end, which
   too_late() says, if it is not None. 0: it may be. -1: too_late() raised. */
static int may_not_fork(PyObject *too_late)
{
    if (PyInterpreterState_GetID(PyInterpreterState_Get()) != 0)
        return 1;
    if (too_late == Py_None)
        return 0;
    PyObject *answer = PyObject_CallNoArgs(too_late);
    int result = answer ? PyObject_IsTrue(answer) : -1;
    Py_XDECREF(answer);
    return result;
}

/* Raises the audit event. Returns 0, or -1 if a hook raised. */
static int audit(int call, uint64_t flags)
{
    if (call != PYSYS_CLONE && call != PYSYS_CLONE3)
        return raise_event("os.fork", NULL);
    return raise_event(call == PYSYS_CLONE ? "pysys.clone" : "pysys.clone3", "Li",
                       (long long)(flags & ~(uint64_t)0xFF), (int)(flags & 0xFF));
}

/* create_plain(ticket, call, flags, too_late): issues a request of these fields as os.fork does, with the GIL held,
   after the refusals and the audit event. call: PYSYS_LIBC_FORK, PYSYS_FORK, PYSYS_VFORK, PYSYS_CLONE or, the one
   that takes CLONE_PIDFD, PYSYS_CLONE3. Returns the child's id; 0 in the child; otherwise something negative: minus
   the errno, PYSYS_NOT_HERE, PYSYS_ELSEWHERE, or minus the sum of the id and PYSYS_BESIDE_THREADS. If there is a
   pidfd, returns a pair of that and the pidfd. Parent and child copy each page that they write to, and
   each object that Python code touches is written to: there are as few of them as can be. */
static PyObject *create_plain(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    struct pysys_create request;
    struct pysys_clone_args clone_args;
    struct suspended suspended;
    int pidfd = -1;
    (void)self;
    if (count != 4) {
        PyErr_SetString(PyExc_TypeError, "takes a ticket, a call, flags and a function");
        return NULL;
    }
    memset(&request, 0, sizeof request);
    unsigned ticket = (unsigned)PyLong_AsUnsignedLong(args[0]);
    request.call = (int)PyLong_AsLong(args[1]);
    request.flags = PyLong_AsUnsignedLongLong(args[2]);
    if (PyErr_Occurred())
        return NULL;
    int refused = may_not_fork(args[3]);
    if (refused)
        return refused == -1 ? NULL : PyLong_FromLong(PYSYS_NOT_HERE);
    if (audit(request.call, request.flags) == -1)
        return NULL;
    if (request.call == PYSYS_VFORK)
        request.call = PYSYS_CLONE;
    if (request.call != PYSYS_LIBC_FORK && pysys_threads() != 1 && pysys_children_elsewhere())
        return PyLong_FromLong(PYSYS_ELSEWHERE);
    request.fallback = request.call == PYSYS_FORK || request.call == PYSYS_CLONE3;
    if (request.call == PYSYS_CLONE3) {
        memset(&clone_args, 0, sizeof clone_args);
        clone_args.flags = request.flags & ~(uint64_t)0xFF;
        clone_args.exit_signal = request.flags & 0xFF;
        clone_args.pidfd = wants_pidfd(&request) ? (uintptr_t)&pidfd : 0;
        request.args = &clone_args;
        request.size = sizeof clone_args;
        request.parent_tid = wants_pidfd(&request) ? &pidfd : NULL;
    }
    long pid = create_with_gil(&request, &suspended);
    if (suspended.waits) {
        PyThreadState *thread = PyEval_SaveThread();
        pid = finish_two_steps(&request, &suspended.steps);
        PyEval_RestoreThread(thread);
    }
    long long result = pid;
    if (pid > 0) {
        remember(ticket, pid, pidfd);
        if (request.threads > 1)
            result = -(PYSYS_BESIDE_THREADS + pid);
        if (pidfd != -1)
            return Py_BuildValue("Li", result, pidfd);
    }
    return PyLong_FromLongLong(result);
}

#define OFFSET(field) ((void *)offsetof(struct pysys_child, field))
static PyGetSetDef process_fields[] = {
    {"_pid", process_field, NULL, NULL, OFFSET(pid)},
    {"_pidfd", process_field, NULL, NULL, OFFSET(pidfd)},
    {"_state", process_field, NULL, NULL, OFFSET(state)},
    {"_uses", process_field, NULL, NULL, OFFSET(uses)},
    {"_core", process_field, NULL, NULL, OFFSET(core)},
    {NULL, NULL, NULL, NULL, NULL},
};

#define FASTCALL(function) ((PyCFunction)(void (*)(void))(function))
static PyMethodDef process_methods[] = {
    {"_started", FASTCALL(process_started), METH_FASTCALL, NULL},
    {"_start", FASTCALL(process_start), METH_FASTCALL, NULL},
    {"_start_as", FASTCALL(process_start_as), METH_FASTCALL, NULL},
    {"_is_ours", process_is_ours, METH_NOARGS, NULL},
    {"_reap", process_reap, METH_O, NULL},
    {"_await_end", process_await_end, METH_O, NULL},
    {"_send_signal", process_send_signal, METH_O, NULL},
    {"_usage", process_usage, METH_NOARGS, NULL},
    {"_duplicate", FASTCALL(process_duplicate), METH_METHOD | METH_FASTCALL | METH_KEYWORDS, NULL},
    {"_close", process_close, METH_NOARGS, NULL},
    {"_detach", process_detach, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyMemberDef process_members[] = {
    {"__weaklistoffset__", T_PYSSIZET, offsetof(struct process, weak_references), READONLY, NULL},
    {"_listener", T_OBJECT, offsetof(struct process, listener), 0, NULL},
    {"_streams", T_OBJECT, offsetof(struct process, streams), 0, NULL},
    {"_oom_kills", T_OBJECT, offsetof(struct process, oom_kills), 0, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot process_slots[] = {
    {Py_tp_new, process_new},
    {Py_tp_finalize, process_finalize},
    {Py_tp_dealloc, process_dealloc},
    {Py_tp_getset, process_fields},
    {Py_tp_members, process_members},
    {Py_tp_methods, process_methods},
    {0, NULL},
};

static PyType_Spec process_spec = {"pysys._ffi.Process", sizeof(struct process), 0,
                                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_IMMUTABLETYPE,
                                   process_slots};

/* process_type(): a type for the interpreter that asks: types are not shared between interpreters. */
static PyObject *process_type(PyObject *self, PyObject *unused)
{
    (void)self, (void)unused;
    return PyType_FromSpec(&process_spec);
}
