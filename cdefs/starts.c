/* What of starting and waiting for programs takes Python's objects as they are, because that is faster: strings,
   the memory of a Child, spawn with the arguments that most starts have, and fork. What does not fit is left to
   Python, which also says what is wrong with it. */

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

/* Returns 1; or -1, and sets MemoryError. */
static int strings_add(struct strings *s, const char *part, size_t size)
{
    if (size > s->reserved - s->used) {
        size_t reserved = 2 * (s->used + size);
        char *more = realloc(s->text == s->local ? NULL : s->text, reserved);
        if (!more) {
            PyErr_NoMemory();
            return -1;
        }
        if (s->text == s->local)
            memcpy(more, s->local, s->used);
        s->text = more;
        s->reserved = reserved;
    }
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

/* join_strings(strings): a list or tuple of str and bytes as bytes, or None. */
static PyObject *join_strings(PyObject *self, PyObject *from)
{
    struct strings s;
    (void)self;
    if (!PyList_CheckExact(from) && !PyTuple_CheckExact(from))
        Py_RETURN_NONE;
    strings_begin(&s);
    int result = 1;
    for (Py_ssize_t i = 0; result == 1 && i < PySequence_Size(from); i++) {
        PyObject *one = PySequence_GetItem(from, i);
        if (!one) {     /* another thread has shortened the list meanwhile */
            PyErr_Clear();
            break;
        }
        result = strings_add_object(&s, one, '\0', 0);
        Py_DECREF(one);
    }
    return strings_result(&s, result);
}

/* join_variables(mapping): a dict of str and bytes as bytes, NAME=value for each, or None. */
static PyObject *join_variables(PyObject *self, PyObject *from)
{
    struct strings s;
    (void)self;
    PyObject *items = PyDict_CheckExact(from) ? PyDict_Items(from) : Py_NewRef(Py_None);
    if (!items || items == Py_None)
        return items;
    strings_begin(&s);
    int result = 1;
    for (Py_ssize_t i = 0; result == 1 && i < PyList_Size(items); i++) {
        PyObject *item = PyList_GetItem(items, i);      /* the list is ours */
        result = strings_add_object(&s, PyTuple_GetItem(item, 0), '=', '=');
        if (result == 1)
            result = strings_add_object(&s, PyTuple_GetItem(item, 1), '\0', 0);
    }
    Py_DECREF(items);
    return strings_result(&s, result);
}

/* ---- Process: the memory of a Child, struct pysys_child, and what is done with it ---- */

struct process {
    PyObject_HEAD
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
        child_started(child_of(self), 0, -1);
    return self;
}

static void process_dealloc(PyObject *self)
{
    PyTypeObject *type = Py_TYPE(self);
    ((freefunc)PyType_GetSlot(type, Py_tp_free))(self);
    Py_DECREF(type);
}

static PyObject *process_field(PyObject *self, void *offset)
{
    const int *field = (const int *)((char *)child_of(self) + (uintptr_t)offset);
    return PyLong_FromLong(__atomic_load_n(field, __ATOMIC_SEQ_CST));
}

static PyObject *process_address(PyObject *self, void *unused)
{
    (void)unused;
    return PyLong_FromVoidPtr(child_of(self));
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

/* started(pid, pidfd): fills it in. */
static PyObject *process_started(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    int pid, pidfd;
    if (two_ints(args, count, &pid, &pidfd) == -1)
        return NULL;
    child_started(child_of(self), pid, pidfd);
    Py_RETURN_NONE;
}

static PyObject *process_is_ours(PyObject *self, PyObject *unused)
{
    (void)unused;
    return PyBool_FromLong(child_is_ours(child_of(self)));
}

/* reap(options): what child_reap returns. */
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

/* poll(nanoseconds): what child_poll returns. */
static PyObject *process_poll(PyObject *self, PyObject *timeout)
{
    long long value = PyLong_AsLongLong(timeout);
    if (value == -1 && PyErr_Occurred())
        return NULL;
    PyThreadState *thread = PyEval_SaveThread();
    long result = child_poll(child_of(self), value);
    PyEval_RestoreThread(thread);
    return PyLong_FromLong(result);
}

/* send_signal(number): what child_send_signal returns. */
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

/* usage(): the 16 values, or None. */
static PyObject *process_usage(PyObject *self, PyObject *unused)
{
    long long usage[16];
    (void)unused;
    if (!child_usage(child_of(self), usage))
        Py_RETURN_NONE;
    PyObject *values = PyTuple_New(16);
    for (Py_ssize_t i = 0; values && i < 16; i++) {
        PyObject *value = PyLong_FromLongLong(usage[i]);
        if (!value || PyTuple_SetItem(values, i, value) == -1)
            Py_CLEAR(values);
    }
    return values;
}

/* duplicate(process): what child_duplicate returns. */
static PyObject *process_duplicate(PyObject *self, PyObject *copy)
{
    if (Py_TYPE(copy) != Py_TYPE(self)) {
        PyErr_SetString(PyExc_TypeError, "takes a process");
        return NULL;
    }
    return PyLong_FromLong(child_duplicate(child_of(self), child_of(copy)));
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

/* let_go(): for a Child that is deleted. Whether nothing is left to do: it is not this process's child, or it has
   ended, and its pidfd is closed now. */
static PyObject *process_let_go(PyObject *self, PyObject *unused)
{
    struct pysys_child *child = child_of(self);
    (void)unused;
    if (!child_is_ours(child))
        Py_RETURN_TRUE;
    if (child->pid && child_state(child) == PYSYS_RUNS)
        Py_RETURN_FALSE;
    child_close(child);
    Py_RETURN_TRUE;
}

/* ---- spawn with the arguments that most starts have ---- */

/* What is asked for with a stream. Returns 1; 0: Python has to look at it. */
static int add_stream(struct pysys_spawn *r, int target, PyObject *source)
{
    int overflow, stdout_is = r->maps && r->targets[r->maps - 1] == 1 ? r->sources[r->maps - 1] : 1;
    if (source == Py_None)
        return 1;
    if (!PyLong_CheckExact(source))
        return 0;
    long number = PyLong_AsLongAndOverflow(source, &overflow);
    if (target == 2 && number == -2)        /* STDOUT */
        number = stdout_is;
    if (overflow || number > INT_MAX || (number < 0 && number != PYSYS_SPAWN_DEVNULL))
        return 0;
    r->targets[r->maps] = target;
    r->sources[r->maps++] = (int)number;
    return 1;
}

/* start(strings, variables, cwd, stdin, stdout, stderr, asked): starts a program of which argv[0] is the path.
   strings: argv as join_strings makes it. variables: the environment as join_variables makes it, or None.
   Returns the process id; (errno, step, call, element) of a failure; None if Python has to look at the
   arguments. */
static PyObject *process_start(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    struct pysys_spawn r;
    struct strings cwd;
    int targets[3], sources[3];
    char *environment = NULL;
    if (count != 7 || !PyBytes_CheckExact(args[0]) || !(args[1] == Py_None || PyBytes_CheckExact(args[1])))
        Py_RETURN_NONE;
    memset(&r, 0, sizeof r);
    r.child = child_of(self);
    r.targets = targets;
    r.sources = sources;
    const char *argv = PyBytes_AsString(args[0]), *variables = NULL;
    for (Py_ssize_t i = 0; i < PyBytes_Size(args[0]); i++)
        r.argc += argv[i] == '\0';
    r.programs = 1;
    long asked = PyLong_AsLong(args[6]);
    if (asked == -1 && PyErr_Occurred())
        return NULL;
    r.asked = (unsigned)asked;
    if (!strchr(argv, '/') || !add_stream(&r, 0, args[3]) || !add_stream(&r, 1, args[4]) ||
        !add_stream(&r, 2, args[5]))
        Py_RETURN_NONE;
    strings_begin(&cwd);
    if (args[2] != Py_None) {
        int added = strings_add_object(&cwd, args[2], '\0', 0);
        if (added != 1)
            return strings_result(&cwd, added);
        r.cwd = cwd.text;
    }
    if (args[1] != Py_None) {
        variables = PyBytes_AsString(args[1]);
        for (Py_ssize_t i = 0; i < PyBytes_Size(args[1]); i++)
            r.envc += variables[i] == '\0';
    } else {
        variables = environment = environment_text(&r.envc);
    }
    long result = -ENOMEM;
    if (variables) {
        PyThreadState *thread = PyEval_SaveThread();
        result = pysys_spawn(&r, argv, argv, variables);
        PyEval_RestoreThread(thread);
    }
    free(environment);
    strings_end(&cwd);
    if (result > 0)
        return PyLong_FromLong(result);
    return Py_BuildValue("lzsi", -result, r.step, r.call ? r.call : "mmap", r.element);
}

/* ---- fork, vfork and clone with nothing but flags ---- */

/* The children of the last 64 callers. A caller looks only at its own entry, and only after an exception.
   Between its call and that, other threads and signal handlers may make calls. */
static struct {
    _Atomic unsigned ticket;    /* of the call, new for each */
    _Atomic int pid;
} plain_children[64];

static void remember(unsigned ticket, long pid)
{
    int at = ticket % (sizeof plain_children / sizeof *plain_children);
    plain_children[at].ticket = 0;
    plain_children[at].pid = (int)pid;
    plain_children[at].ticket = ticket;
}

/* ticket(): a new one. */
static PyObject *new_ticket(PyObject *self, PyObject *unused)
{
    static _Atomic unsigned last;
    (void)self, (void)unused;
    return PyLong_FromUnsignedLong(++last);
}

/* abandon_plain(ticket): ends and reaps the child that create_plain made, for a caller that will not learn of it. */
static PyObject *abandon_plain(PyObject *self, PyObject *object)
{
    (void)self;
    unsigned ticket = (unsigned)PyLong_AsUnsignedLong(object);
    if (PyErr_Occurred())
        return NULL;
    int at = ticket % (sizeof plain_children / sizeof *plain_children);
    if (plain_children[at].ticket == ticket) {
        int pid = plain_children[at].pid;
        if (plain_children[at].ticket == ticket)    /* not overwritten meanwhile */
            end_child(pid, 0);
    }
    Py_RETURN_NONE;
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
    if (call != PYSYS_CLONE)
        return raise_event("os.fork", NULL);
    return raise_event("pysys.clone", "Li", (long long)(flags & ~(uint64_t)0xFF), (int)(flags & 0xFF));
}

/* create_plain(ticket, call, flags, too_late): issues a request of these fields as os.fork does, with the GIL held,
   after the refusals and the audit event. call: PYSYS_LIBC_FORK, PYSYS_FORK, PYSYS_VFORK or PYSYS_CLONE. Returns
   the child's id; 0 in the child; otherwise something negative: minus the errno, PYSYS_NOT_HERE, PYSYS_ELSEWHERE,
   or minus the sum of the id and PYSYS_BESIDE_THREADS. Parent and child copy each page that they write to, and
   each object that Python code touches is written to: there are as few of them as can be. */
static PyObject *create_plain(PyObject *self, PyObject *const *args, Py_ssize_t count)
{
    struct pysys_create request;
    struct suspended suspended;
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
    request.fallback = request.call == PYSYS_FORK;
    long pid = create_with_gil(&request, &suspended);
    if (suspended.waits) {
        PyThreadState *thread = PyEval_SaveThread();
        pid = finish_two_steps(&request, &suspended.steps);
        PyEval_RestoreThread(thread);
    }
    if (pid > 0) {
        remember(ticket, pid);
        if (request.threads > 1)
            return PyLong_FromLongLong(-(PYSYS_BESIDE_THREADS + pid));
    }
    return PyLong_FromLong(pid);
}

#define OFFSET(field) ((void *)offsetof(struct pysys_child, field))
static PyGetSetDef process_fields[] = {
    {"pid", process_field, NULL, NULL, OFFSET(pid)},
    {"pidfd", process_field, NULL, NULL, OFFSET(pidfd)},
    {"state", process_field, NULL, NULL, OFFSET(state)},
    {"uses", process_field, NULL, NULL, OFFSET(uses)},
    {"address", process_address, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

#define FASTCALL(function) ((PyCFunction)(void (*)(void))(function))
static PyMethodDef process_methods[] = {
    {"started", FASTCALL(process_started), METH_FASTCALL, NULL},
    {"start", FASTCALL(process_start), METH_FASTCALL, NULL},
    {"is_ours", process_is_ours, METH_NOARGS, NULL},
    {"reap", process_reap, METH_O, NULL},
    {"poll", process_poll, METH_O, NULL},
    {"send_signal", process_send_signal, METH_O, NULL},
    {"usage", process_usage, METH_NOARGS, NULL},
    {"duplicate", process_duplicate, METH_O, NULL},
    {"close", process_close, METH_NOARGS, NULL},
    {"detach", process_detach, METH_NOARGS, NULL},
    {"let_go", process_let_go, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot process_slots[] = {
    {Py_tp_new, process_new},
    {Py_tp_dealloc, process_dealloc},
    {Py_tp_getset, process_fields},
    {Py_tp_methods, process_methods},
    {0, NULL},
};

static PyType_Spec process_spec = {"pysys._ffi.Process", sizeof(struct process), 0,
                                   Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, process_slots};

/* process_type(): a type for the interpreter that asks: types are not shared between interpreters. */
static PyObject *process_type(PyObject *self, PyObject *unused)
{
    (void)self, (void)unused;
    return PyType_FromSpec(&process_spec);
}
