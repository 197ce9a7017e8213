/* System calls as Python's functions. An argument that fits its parameter, by the table of build_table.py, is
 * converted here, and the call is made. Where one does not fit, the function in Python that the family names
 * gets all of them: it converts what needs more than that, or says by name what is wrong.
 *
 * The functions have a type of their own, because their docstrings are made when they are asked for. It uses the
 * vectorcall protocol, which is in the stable ABI since CPython 3.12; in 3.11, whose layouts are final, the flag
 * and the offset are the same. */
#include <dlfcn.h>
#include <structmember.h>

/* Of types whose objects only this makes. */
#define MADE_HERE (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION | \
                   Py_TPFLAGS_IMMUTABLETYPE)
#define HAS_VECTORCALL (1UL << 11)                              /* Py_TPFLAGS_HAVE_VECTORCALL */
#define NARGS(nargsf) ((Py_ssize_t)((nargsf) & SIZE_MAX >> 1))  /* PyVectorcall_NARGS */
#define LOWEST_NARROW INT32_MIN /* of what the kernel may read as 32 bits, with or without a sign */
#define HIGHEST_NARROW UINT32_MAX
#define MAX_ERRNO 4095
#define MOST_TEXT 4096  /* characters of a path or another text that an error keeps */

struct form; /* see values.c */
typedef PyObject *(*vectorcall)(PyObject *self, PyObject *const *args, size_t nargsf, PyObject *names);

static const struct call *find_call(const char *name)
{
    size_t low = 0, high = sizeof table / sizeof *table;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(name, table[middle].name);
        if (order == 0)
            return &table[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* ---- what functions have in common: objects of one interpreter ---- */

enum {
    CONVERTS,       /* (name, arguments): makes the call where an argument does not fit */
    SETTLES,        /* (name, arguments, result): what is made of -EINTR and -ENOSYS; of a function with values
                       (name, arguments): whether the call is made again after -EINTR */
    BINDS,          /* (function, arguments, keywords): what C cannot assign to parameters, or to a call */
    DESCRIBES,      /* (function, "__doc__" or "__signature__"; of one with values "makes") */
    CTYPES,         /* (name): CFFI's types, of each parameter that of a pointer and that of an array */
    NAMES,          /* (name): those of the parameters, for an exception that has kept arguments */
    FINDS_ERROR,    /* () -> what makes the exception of a call: errors.classes.of_call */
    GETATTR,        /* Python's function */
    TYPEOF,         /* CFFI's functions */
    SIZEOF,
    BUFFER,
    ANY_CDATA,      /* the base of the types of CFFI's objects */
    OWNED,          /* the type of what ffi.new() makes */
    POINTER,        /* void * */
    OWNER,          /* the base of structures and arrays */
    ZERO,           /* this one and those after it are made here */
    CDATA,          /* names of attributes */
    EXTENT,
    PLAIN,
    FUNCTION,       /* the type of functions */
    MOST_SHARED
};

typedef struct {
    PyObject_HEAD
    PyObject *shared[MOST_SHARED];
    PyObject *error;    /* what FINDS_ERROR returned; NULL until a call fails */
    int is_utf8;        /* whether names of files are */
} Family;

typedef struct {
    PyObject_HEAD
    vectorcall vectorcall;
    Family *family;
    const struct call *call;    /* NULL: of a number nothing is known */
    int number;
    int required;               /* how many arguments cannot be omitted */
    PyObject *title;            /* the name, or the number of a call without one */
    PyObject *names;            /* of the parameters */
    PyObject *module;
    PyObject *doc;              /* NULL until it is asked for */
    PyObject *ctypes;           /* likewise */
    PyObject *plain;            /* of syscall: {name or number: function} */
    PyObject *defaults;         /* a tuple; NULL: those of the call's parameters */
    const struct form *form;    /* of a function with values, as the following */
    PyObject *python;           /* the same function in Python */
    PyObject *typed;            /* the function of the call that it makes */
    PyObject *makes;            /* what the values are made with; NULL until it is asked for */
    PyObject *weakrefs;
} Function;

/* In the stable ABI since 3.13, and in every interpreter since 3.8. */
static int (*raise_event)(const char *event, const char *format, ...);

static PyTypeObject *type_of(PyObject *object)
{
    return Py_TYPE(object);
}

/* Raises the audit event pysys.syscall. Objects for it are only made where there is a hook. */
static int audited(PyObject *title, PyObject *const *args, Py_ssize_t count)
{
    const char *formats[] = {"O()", "O(O)", "O(OO)", "O(OOO)", "O(OOOO)", "O(OOOOO)", "O(OOOOOO)", "O(OOOOOOO)"};
    PyObject *all[MOST_PARAMETERS] = {NULL};
    for (Py_ssize_t i = 0; i < count; i++)
        all[i] = args[i];
    return raise_event("pysys.syscall", formats[count], title, all[0], all[1], all[2], all[3], all[4], all[5],
                       all[6]);
}

/* Sets what is made when it is asked for, if no other thread was first. */
static void set_once(PyObject **place, PyObject *made)
{
    PyObject *none = NULL;
    if (!__atomic_compare_exchange_n(place, &none, made, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        Py_DECREF(made);
}

static PyObject *tuple_of(PyObject *const *args, Py_ssize_t count)
{
    PyObject *made = PyTuple_New(count);
    for (Py_ssize_t i = 0; made && i < count; i++)
        PyTuple_SetItem(made, i, Py_NewRef(args[i]));
    return made;
}

/* Calls one of the family's functions with the title, the arguments and one object more, which may be NULL. */
static PyObject *ask(Function *self, int which, PyObject *const *args, Py_ssize_t count, PyObject *more)
{
    PyObject *all = tuple_of(args, count), *result = NULL;
    if (all)
        result = PyObject_CallFunctionObjArgs(self->family->shared[which], self->title, all, more, NULL);
    Py_XDECREF(all);
    return result;
}

/* ---- arguments ----
 *
 * Each function returns 1 if the argument is converted, 0 if Python has to look at it, and -1 for an exception,
 * which is that of a signal's handler. */

struct held {
    int buffers, objects;
    Py_buffer buffer[MOST_PARAMETERS];
    PyObject *object[MOST_PARAMETERS];
};

static void release(struct held *held)
{
    while (held->buffers)
        PyBuffer_Release(&held->buffer[--held->buffers]);
    while (held->objects)
        Py_DECREF(held->object[--held->objects]);
}

/* What an exception means that one of these functions has met. */
static int refused(void)
{
    if (!PyErr_ExceptionMatches(PyExc_TypeError) && !PyErr_ExceptionMatches(PyExc_ValueError) &&
        !PyErr_ExceptionMatches(PyExc_BufferError) && !PyErr_ExceptionMatches(PyExc_AttributeError))
        return -1;
    PyErr_Clear();
    return 0;
}

static int take_number(PyObject *arg, long long low, long long high, long long *value)
{
    int overflow;
    if (!PyLong_Check(arg))
        return 0;
    *value = PyLong_AsLongLongAndOverflow(arg, &overflow);
    return !overflow && *value >= low && *value <= high;
}

static int take_text(PyObject *arg, const Family *family, long long *value)
{
    Py_ssize_t size = 0;
    const char *text = NULL;
    if (PyBytes_Check(arg)) {
        text = PyBytes_AsString(arg);
        size = PyBytes_Size(arg);
    } else if (PyUnicode_Check(arg) && family->is_utf8) {
        text = PyUnicode_AsUTF8AndSize(arg, &size);
        if (!text) { /* surrogates stand for bytes */
            PyErr_Clear();
            return 0;
        }
    }
    *value = (uintptr_t)text;
    return text && strlen(text) == (size_t)size;
}

/* The address of CFFI's pointer or array, which is held. */
static int take_pointer(PyObject *pointer, const Family *family, long long *value, struct held *held)
{
    char *address;
    struct _cffi_ctypedescr *kind = (struct _cffi_ctypedescr *)family->shared[POINTER];
    if (_cffi_prepare_pointer_call_argument(kind, pointer, &address) < 0)
        return refused();
    *value = (uintptr_t)address;
    held->object[held->objects++] = Py_NewRef(pointer);
    return 1;
}

/* Whether CFFI's pointer is one to what the parameter points to, or an array of it. */
static int has_type_of(Function *self, int index, PyObject *pointer)
{
    if (!__atomic_load_n(&self->ctypes, __ATOMIC_ACQUIRE)) {
        PyObject *made = PyObject_CallFunctionObjArgs(self->family->shared[CTYPES], self->title, NULL);
        if (!made)
            return -1;
        set_once(&self->ctypes, made);
    }
    PyObject *kind = PyObject_CallFunctionObjArgs(self->family->shared[TYPEOF], pointer, NULL);
    if (!kind)
        return refused();
    Py_DECREF(kind);
    return kind == PyTuple_GetItem(self->ctypes, 2 * index) || kind == PyTuple_GetItem(self->ctypes, 2 * index + 1);
}

/* How many bytes there are behind what ffi.new() made; -1 with an exception. */
static Py_ssize_t size_of(PyObject *arg, const Family *family)
{
    int is_array = PyObject_Size(arg) >= 0;
    if (!is_array && refused() < 0)
        return -1;
    if (is_array) { /* how long it is says nothing where its items have no size */
        PyObject *size = PyObject_CallFunctionObjArgs(family->shared[SIZEOF], arg, NULL);
        Py_ssize_t found = size ? PyLong_AsSsize_t(size) : -1;
        Py_XDECREF(size);
        return found;
    }
    PyObject *buffer = PyObject_CallFunctionObjArgs(family->shared[BUFFER], arg, NULL);
    Py_ssize_t found = buffer ? PyObject_Size(buffer) : -1;
    Py_XDECREF(buffer);
    return found;
}

/* What ffi.new() made. */
static int take_owned(Function *self, int index, PyObject *arg, long long need, long long *value,
                      struct held *held)
{
    Py_ssize_t size = size_of(arg, self->family);
    if (size < 0)
        return refused();
    if (size < need)
        return 0;
    int fits = self->call->parameters[index].flags & IS_BYTES ? 1 : has_type_of(self, index, arg);
    return fits == 1 ? take_pointer(arg, self->family, value, held) : fits;
}

/* An attribute, or None. AttributeError, which takes long to make, is not made. */
static PyObject *attribute(PyObject *object, const Family *family, int name)
{
    return PyObject_CallFunctionObjArgs(family->shared[GETATTR], object, family->shared[name], Py_None, NULL);
}

/* A structure of pysys.structures. */
static int take_structure(Function *self, int index, PyObject *arg, long long need, long long *value,
                          struct held *held)
{
    PyTypeObject *any_cdata = (PyTypeObject *)self->family->shared[ANY_CDATA];
    PyObject *extent = attribute(arg, self->family, EXTENT);
    if (!extent)
        return -1;
    long long size;
    int fits = take_number(extent, 0, LLONG_MAX, &size) && size >= need; /* an array of them has none */
    Py_DECREF(extent);
    if (!fits)
        return 0;
    PyObject *pointer = PyObject_GetAttr(arg, self->family->shared[CDATA]);
    if (!pointer)
        return refused();
    fits = PyType_IsSubtype(type_of(pointer), any_cdata); /* bytes have an address, too */
    if (fits && !(self->call->parameters[index].flags & IS_BYTES))
        fits = has_type_of(self, index, pointer);
    if (fits == 1)
        fits = take_pointer(pointer, self->family, value, held);
    Py_DECREF(pointer);
    return fits;
}

/* Whether memory is another than the object's own: that of its attribute `cdata`. */
static int leads_elsewhere(PyObject *arg, const Family *family)
{
    if (PyByteArray_CheckExact(arg) || PyBytes_CheckExact(arg) || PyMemoryView_Check(arg))
        return 0;
    PyObject *found = attribute(arg, family, CDATA);
    if (!found)
        return -1;
    Py_DECREF(found);
    return found != Py_None;
}

static int take_memory(Function *self, int index, PyObject *arg, long long need, long long *value,
                       struct held *held)
{
    const struct parameter *parameter = &self->call->parameters[index];
    PyObject **shared = self->family->shared;
    if (arg == Py_None)
        return parameter->flags & TAKES_NULL ? 1 : 0;
    if ((PyObject *)type_of(arg) == shared[OWNED])
        return take_owned(self, index, arg, need, value, held);
    if (PyType_IsSubtype(type_of(arg), (PyTypeObject *)shared[OWNER]))
        return parameter->flags & IS_FOLLOWED ? 0 : take_structure(self, index, arg, need, value, held);
    int elsewhere = PyUnicode_Check(arg) ? 1 : leads_elsewhere(arg, self->family); /* text is not memory */
    if (elsewhere)
        return elsewhere < 0 ? -1 : 0;
    Py_buffer *view = &held->buffer[held->buffers];
    if (PyObject_GetBuffer(arg, view, parameter->flags & IS_WRITTEN ? PyBUF_WRITABLE : PyBUF_SIMPLE) < 0)
        return refused();
    held->buffers++;
    *value = (uintptr_t)view->buf;
    return view->len >= need;
}

/* How many bytes memory must have, when the numbers are converted, and the memory that has its length. */
static int find_need(const struct parameter *parameter, const long long *values, long long *need)
{
    *need = parameter->least;
    if (parameter->counted < 0)
        return 1;
    if (parameter->kind == A_MEASURED) {
        unsigned length = 0; /* of NULL */
        if (values[parameter->counted])
            memcpy(&length, (const void *)(uintptr_t)values[parameter->counted], sizeof length);
        *need = parameter->scale * (long long)length;
        return 1;
    }
    return !__builtin_mul_overflow(values[parameter->counted], parameter->scale, need);
}

/* A number or a text, or None in its place. */
static int take_plain(const struct parameter *parameter, PyObject *arg, const Family *family, long long *value)
{
    *value = 0;
    if (arg == Py_None && parameter->flags & TAKES_NULL)
        return 1;
    if (parameter->kind == A_NUMBER)
        return take_number(arg, parameter->low, parameter->high, value);
    return parameter->kind == A_TEXT ? take_text(arg, family, value) : 0;
}

static int is_refused(const struct call *call, long long first)
{
    for (unsigned i = 1; call->refused && i <= call->refused[0]; i++)
        if (call->refused[i] == (unsigned)first)
            return 1;
    return 0;
}

/* All memory of this kind. */
static int take_memories(Function *self, int kind, PyObject *const *args, long long *values, struct held *held)
{
    const struct call *call = self->call;
    for (int i = 0; i < call->count; i++) {
        const struct parameter *parameter = &call->parameters[i];
        long long need;
        if (parameter->kind != kind)
            continue;
        int taken = find_need(parameter, values, &need)
                        ? take_memory(self, i, args[i], need, &values[i], held)
                        : 0;
        if (taken != 1)
            return taken;
    }
    return 1;
}

static int take_arguments(Function *self, PyObject *const *args, long long *values, struct held *held)
{
    const struct call *call = self->call;
    int memory = 0, measured = 0, taken = 1;
    for (int i = 0; i < call->count; i++) {
        values[i] = 0;
        if (call->parameters[i].kind == A_MEMORY)
            memory = 1;
        else if (call->parameters[i].kind == A_MEASURED)
            measured = 1;
        else if (!take_plain(&call->parameters[i], args[i], self->family, &values[i]))
            return 0;
    }
    if (memory)
        taken = take_memories(self, A_MEMORY, args, values, held);
    if (taken == 1 && measured)
        taken = take_memories(self, A_MEASURED, args, values, held);
    if (taken != 1)
        return taken;
    return call->count && is_refused(call, values[0]) ? 0 : 1;
}

/* ---- typed calls ---- */

/* What an argument that is omitted is. */
static PyObject *default_of(Function *self, Py_ssize_t index)
{
    if (self->defaults)
        return PyTuple_GetItem(self->defaults, index - self->required);
    return self->call->parameters[index].flags & DEFAULT_IS_NULL ? Py_None : self->family->shared[ZERO];
}

/* Puts what was passed by name, and the defaults, behind the other arguments. 0 if that does not make a call. */
static int put_named(Function *self, PyObject *const *args, Py_ssize_t count, PyObject *names, PyObject **all)
{
    Py_ssize_t named = names ? PyTuple_Size(names) : 0, most = PyTuple_Size(self->names);
    if (count > most)
        return 0;
    for (Py_ssize_t i = 0; i < MOST_PARAMETERS; i++)
        all[i] = i < count ? args[i] : NULL;
    for (Py_ssize_t i = 0; i < named; i++) {
        Py_ssize_t index = 0;
        while (index < most &&
               PyUnicode_Compare(PyTuple_GetItem(names, i), PyTuple_GetItem(self->names, index)) != 0)
            index++;
        if (index == most || all[index])
            return 0;
        all[index] = args[count + i];
    }
    for (Py_ssize_t i = 0; i < most; i++) {
        if (!all[i] && i < self->required)
            return 0;
        if (!all[i])
            all[i] = default_of(self, i);
    }
    return 1;
}

/* Raises, in Python's words; or, of syscall, looks for the call; or makes the one with values in Python. */
static PyObject *misbound(Function *self, PyObject *const *args, Py_ssize_t count, PyObject *names)
{
    PyObject *keywords = PyDict_New(), *result = NULL;
    int failed = !keywords;
    for (Py_ssize_t i = 0; !failed && names && i < PyTuple_Size(names); i++)
        failed = PyDict_SetItem(keywords, PyTuple_GetItem(names, i), args[count + i]) < 0;
    PyObject *all = failed ? NULL : tuple_of(args, count);
    if (all)
        result = PyObject_CallFunctionObjArgs(self->family->shared[BINDS], self, all, keywords, NULL);
    Py_XDECREF(all);
    Py_XDECREF(keywords);
    return result;
}

/* What makes an exception. Only a first failure looks for it. */
static PyObject *maker_of_errors(Family *family)
{
    if (!__atomic_load_n(&family->error, __ATOMIC_ACQUIRE)) {
        PyObject *found = PyObject_CallNoArgs(family->shared[FINDS_ERROR]);
        if (!found)
            return NULL;
        set_once(&family->error, found);
    }
    return family->error;
}

/* What an error keeps of memory: a tuple of its length, or, where that is not known, of nothing. */
static PyObject *kept_length(Py_ssize_t size)
{
    if (size < 0)
        return refused() < 0 ? NULL : PyTuple_New(0);
    PyObject *length = PyLong_FromSsize_t(size), *made = length ? PyTuple_New(1) : NULL;
    if (made)
        PyTuple_SetItem(made, 0, length);
    else
        Py_XDECREF(length);
    return made;
}

/* Of a structure: its class, and a copy of its bytes if all of them are numbers, otherwise how many there are. */
static PyObject *kept_structure(const Family *family, PyObject *arg)
{
    PyObject *plain = attribute(arg, family, PLAIN), *extent = NULL, *cdata = NULL, *made = NULL;
    long long numbers, size;
    char *address = NULL;
    if (!plain || !(extent = attribute(arg, family, EXTENT)))
        goto done;
    if (!take_number(plain, 0, LLONG_MAX, &numbers) || !take_number(extent, 0, LLONG_MAX, &size)) {
        made = PyTuple_New(0);      /* an array */
        goto done;
    }
    if (numbers && numbers <= size) {
        cdata = attribute(arg, family, CDATA);
        if (!cdata || _cffi_prepare_pointer_call_argument((struct _cffi_ctypedescr *)family->shared[POINTER], cdata,
                                                          &address) < 0)
            goto done;
    }
    PyObject *kept = address ? PyBytes_FromStringAndSize(address, (Py_ssize_t)numbers) : Py_NewRef(extent);
    made = kept ? PyTuple_New(2) : NULL;
    if (made) {
        PyTuple_SetItem(made, 0, Py_NewRef((PyObject *)type_of(arg)));
        PyTuple_SetItem(made, 1, kept);
    } else {
        Py_XDECREF(kept);
    }
done:
    Py_XDECREF(plain);
    Py_XDECREF(extent);
    Py_XDECREF(cdata);
    return made || refused() < 0 ? made : PyTuple_New(0);
}

/* What an error keeps of an argument: a number or a text, None, or a tuple for memory; of that nothing else, and
   no reference to it. */
static PyObject *kept_argument(const Family *family, const struct parameter *parameter, PyObject *arg)
{
    if (arg == Py_None || PyLong_CheckExact(arg))
        return Py_NewRef(arg);
    if (PyBool_Check(arg) && parameter && parameter->kind != A_NUMBER)
        return PyTuple_New(0);      /* a value's memory, as take_values shows it */
    if (PyLong_Check(arg))
        return PyNumber_Index(arg);
    if (PyUnicode_CheckExact(arg) || (PyBytes_CheckExact(arg) && parameter && parameter->kind == A_TEXT)) {
        Py_ssize_t size = PyObject_Size(arg);
        return size <= MOST_TEXT ? Py_NewRef(arg) : kept_length(size);
    }
    if (PyBytes_CheckExact(arg) || PyByteArray_CheckExact(arg))
        return kept_length(PyObject_Size(arg));
    if (PyType_IsSubtype(type_of(arg), (PyTypeObject *)family->shared[OWNER]))
        return kept_structure(family, arg);
    Py_buffer view;
    if (PyObject_GetBuffer(arg, &view, PyBUF_SIMPLE) < 0)
        return kept_length(-1);
    Py_ssize_t size = view.len;
    PyBuffer_Release(&view);
    return kept_length(size);
}

/* Who made a call, and with what: process, thread, what knows the names of the parameters, and the arguments. */
static PyObject *kept_of(Function *self, PyObject *const *args, Py_ssize_t count)
{
    PyObject *made = PyTuple_New(3 + count), *part;
    if (!caller.process) {
        caller.thread = (int)syscall(NR_gettid);
        caller.process = (int)getpid();
    }
    for (Py_ssize_t i = -3; made && i < count; i++) {
        if (i == -3)
            part = PyLong_FromLong(caller.process);
        else if (i == -2)
            part = PyLong_FromLong(caller.thread);
        else if (i == -1)
            part = Py_NewRef(self->family->shared[NAMES]);
        else
            part = kept_argument(self->family,
                                 self->call && i < self->call->count ? &self->call->parameters[i] : NULL, args[i]);
        if (part)
            PyTuple_SetItem(made, i + 3, part);
        else
            Py_CLEAR(made);
    }
    return made;
}

/* Raises the error of a call, with what a diagnosis needs of its arguments. */
static PyObject *failed(Function *self, PyObject *const *args, Py_ssize_t count, int number)
{
    PyObject *paths[2] = {Py_None, Py_None}, *error = NULL, *maker = maker_of_errors(self->family);
    int found = 0;
    if (!maker)
        return NULL;
    for (Py_ssize_t i = 0; self->call && i < self->call->count && i < count && found < 2; i++)
        if (self->call->parameters[i].flags & IS_PATH && args[i] != Py_None && !PyLong_Check(args[i]))
            paths[found++] = args[i];
    PyObject *errno_ = PyLong_FromLong(number), *kept = errno_ ? kept_of(self, args, count) : NULL;
    if (kept)
        error = PyObject_CallFunctionObjArgs(maker, errno_, self->title, kept, paths[0], paths[1], NULL);
    if (error)
        PyErr_SetObject((PyObject *)type_of(error), error);
    Py_XDECREF(errno_);
    Py_XDECREF(kept);
    Py_XDECREF(error);
    return NULL;
}

/* Whether a result is minus an errno. With 32 bits an id may look like one, except -1, which no id is. */
static int is_error(const struct call *call, pysys_word result)
{
    if (call && call->flags & GIVES_ID && sizeof result == 4)
        return result == -1;
    return result < 0 && result >= -MAX_ERRNO;
}

/* The result of a call that has not failed. Addresses and ids have no sign. */
static PyObject *value_of(const struct call *call, pysys_word result)
{
    if (call && call->flags & (GIVES_ADDRESS | GIVES_ID))
        return PyLong_FromUnsignedLongLong((pysys_uword)result);
    return PyLong_FromLongLong(result);
}

/* What becomes of minus an errno. An interrupted call may be made again, a missing one through another. */
static PyObject *settled(Function *self, PyObject *const *args, Py_ssize_t count, pysys_word result)
{
    if (result != -EINTR && result != -ENOSYS)
        return failed(self, args, count, (int)-result);
    PyObject *number = PyLong_FromLongLong(result), *found = NULL;
    if (number)
        found = ask(self, SETTLES, args, count, number);
    Py_XDECREF(number);
    return found;
}

static PyObject *make_typed_call(PyObject *object, PyObject *const *args, size_t nargsf, PyObject *names)
{
    Function *self = (Function *)object;
    const struct call *call = self->call;
    Py_ssize_t count = NARGS(nargsf);
    PyObject *all[MOST_PARAMETERS];
    long long values[MOST_PARAMETERS];
    struct held held;
    pysys_word result;
    if (names || count != call->count) {
        if (!put_named(self, args, count, names, all))
            return misbound(self, args, count, names);
        args = all;
        count = call->count;
    }
    if (!(call->flags & IS_QUIET) && audited(self->title, args, count) < 0)
        return NULL;
    held.buffers = held.objects = 0;
    int taken = take_arguments(self, args, values, &held);
    if (taken != 1) {
        release(&held);
        return taken < 0 ? NULL : ask(self, CONVERTS, args, count, NULL);
    }
    if (call->flags & KEEPS_GIL) {
        result = call->issue(values);
    } else {
        PyThreadState *thread = PyEval_SaveThread();
        result = call->issue(values);
        PyEval_RestoreThread(thread);
    }
    release(&held);
    return is_error(call, result) ? settled(self, args, count, result) : value_of(call, result);
}

/* ---- syscall ---- */

static int take_word(Function *known, int index, PyObject *arg, long long *value, struct held *held)
{
    const struct call *call = known->call;
    const struct parameter *parameter = call && index < call->count ? &call->parameters[index] : NULL;
    *value = 0;
    if (arg == Py_None)
        return 1;
    if (PyLong_CheckExact(arg)) {
        long long low = LOWEST_NARROW, high = HIGHEST_NARROW;
        if (parameter && parameter->low < low && parameter->high > high) {
            low = LOW(pysys_word);
            high = HIGH(pysys_word);
        } else if (sizeof(pysys_word) == 4) {
            high = INT32_MAX;
        }
        return take_number(arg, low, high, value);
    }
    if (!parameter)
        return 0;
    if (parameter->kind == A_TEXT)
        return take_text(arg, known->family, value);
    if (parameter->kind != A_MEMORY)
        return 0;
    if (PyBytes_CheckExact(arg) && !(parameter->flags & IS_WRITTEN)) {
        *value = (uintptr_t)PyBytes_AsString(arg);
        return 1;
    }
    return PyByteArray_CheckExact(arg) ? take_memory(known, index, arg, 0, value, held) : 0;
}

/* Whether memory that was passed as an object is as long as the other arguments say. */
static int is_long_enough(Function *known, PyObject *const *args, Py_ssize_t count, const long long *values)
{
    for (Py_ssize_t i = 0; known->call && i < count && i < known->call->count; i++) {
        const struct parameter *parameter = &known->call->parameters[i];
        long long need;
        if (parameter->kind == A_MEMORY && args[i] != Py_None && !PyLong_CheckExact(args[i]) &&
            (!find_need(parameter, values, &need) || need < 0 || PyObject_Size(args[i]) < need))
            return 0;
    }
    return 1;
}

static Function *new_raw(Family *family, PyObject *title, int number, const struct call *call);
static const struct call *call_of(PyObject *name);

/* The function of a call that is asked for by name for the first time, if it is one that C may make. */
static Function *add_plain(const Function *self, PyObject *name)
{
    const struct call *call = call_of(name);
    if (!call || !(call->flags & IS_PLAIN))
        return NULL;
    Function *made = new_raw(self->family, name, call->number, call);
    if (made && PyDict_SetItem(self->plain, name, (PyObject *)made) < 0)
        Py_CLEAR(made);
    return made;
}

/* The function of a call by its name or number, which is held: another thread may replace it. NULL for what
   Python has to look for, which is whatever has code of its own to say what it is equal to, too; or with an
   exception. */
static Function *find_plain(const Function *self, PyObject *call)
{
    PyObject *found = NULL;
    if (!self->plain || !(PyUnicode_CheckExact(call) || PyLong_CheckExact(call)))
        return NULL;
#ifdef Py_GIL_DISABLED
    if (PyDict_GetItemRef(self->plain, call, &found) < 0)
        PyErr_Clear();
#else
    found = PyDict_GetItemWithError(self->plain, call);
    if (!found)
        PyErr_Clear();
    Py_XINCREF(found);
#endif
    return !found && PyUnicode_CheckExact(call) ? add_plain(self, call) : (Function *)found;
}

static PyObject *make_known_call(Function *known, PyObject *const *args, Py_ssize_t count)
{
    long long values[MOST_PARAMETERS] = {0};
    struct held held;
    pysys_word result;
    int taken = 1;
    held.buffers = held.objects = 0;
    if (audited(known->title, args, count) < 0)
        return NULL;
    for (int i = 0; taken == 1 && i < count; i++)
        taken = take_word(known, i, args[i], &values[i], &held);
    if (taken == 1)
        taken = is_long_enough(known, args, count, values);
    if (taken != 1) {
        release(&held);
        return taken < 0 ? NULL : ask(known, CONVERTS, args, count, NULL);
    }
    if (known->call && known->call->flags & KEEPS_GIL) {
        result = pysys_syscall6(known->number, values[0], values[1], values[2], values[3], values[4], values[5]);
    } else {
        PyThreadState *thread = PyEval_SaveThread();
        result = pysys_syscall6(known->number, values[0], values[1], values[2], values[3], values[4], values[5]);
        PyEval_RestoreThread(thread);
    }
    release(&held);
    return is_error(known->call, result) ? settled(known, args, count, result) : value_of(known->call, result);
}

static PyObject *make_raw_call(PyObject *object, PyObject *const *args, size_t nargsf, PyObject *names)
{
    Function *self = (Function *)object;
    Py_ssize_t count = NARGS(nargsf);
    Function *known = count && count <= 7 && !names ? find_plain(self, args[0]) : NULL;
    if (!known)
        return PyErr_Occurred() ? NULL : misbound(self, args, count, names);
    PyObject *result = make_known_call(known, args + 1, count - 1);
    Py_DECREF((PyObject *)known);
    return result;
}

static PyObject *described(PyObject *object, const char *what)
{
    Function *self = (Function *)object;
    return PyObject_CallFunction(self->family->shared[DESCRIBES], "Os", object, what);
}

#include "values.c"

/* ---- the functions as objects ---- */

static int function_traverse(PyObject *object, visitproc visit, void *arg)
{
    Function *self = (Function *)object;
    Py_VISIT(type_of(object));
    Py_VISIT(self->family);
    Py_VISIT(self->doc);
    Py_VISIT(self->ctypes);
    Py_VISIT(self->plain);
    Py_VISIT(self->defaults);
    Py_VISIT(self->python);
    Py_VISIT(self->typed);
    Py_VISIT(self->makes);
    return 0;
}

static int function_clear(PyObject *object)
{
    Function *self = (Function *)object;
    Py_CLEAR(self->doc);
    Py_CLEAR(self->ctypes);
    Py_CLEAR(self->plain);
    return 0;
}

static void function_dealloc(PyObject *object)
{
    Function *self = (Function *)object;
    PyTypeObject *type = type_of(object);
    PyObject_GC_UnTrack(object);
    if (self->weakrefs)
        PyObject_ClearWeakRefs(object);
    function_clear(object);
    Py_XDECREF((PyObject *)self->family);
    Py_XDECREF(self->defaults);
    Py_XDECREF(self->python);
    Py_XDECREF(self->typed);
    Py_XDECREF(self->makes);
    Py_XDECREF(self->title);
    Py_XDECREF(self->names);
    Py_XDECREF(self->module);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

/* For callers that do not use the protocol. */
static PyObject *function_call(PyObject *object, PyObject *args, PyObject *keywords)
{
    Function *self = (Function *)object;
    Py_ssize_t count = PyTuple_Size(args), named = keywords ? PyDict_Size(keywords) : 0, at = 0;
    PyObject **all = PyMem_Calloc((size_t)(count + named + 1), sizeof *all), *names = NULL, *result = NULL;
    PyObject *key, *value;
    if (!all)
        return PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < count; i++)
        all[i] = PyTuple_GetItem(args, i);
    if (named && !(names = PyTuple_New(named)))
        goto done;
    for (Py_ssize_t i = 0; i < named && PyDict_Next(keywords, &at, &key, &value); i++) {
        if (!PyUnicode_Check(key)) {
            PyErr_SetString(PyExc_TypeError, "keywords must be strings");
            goto done;
        }
        PyTuple_SetItem(names, i, Py_NewRef(key));
        all[count + i] = value;
    }
    result = self->vectorcall(object, all, (size_t)count, names);
done:
    Py_XDECREF(names);
    PyMem_Free(all);
    return result;
}

static PyObject *function_repr(PyObject *object)
{
    Function *self = (Function *)object;
    return PyUnicode_FromFormat("<function %S.%S>", self->module, self->title);
}

/* As a function of a class, too, it is called with the arguments alone, as the standard library's in C are. */
static PyObject *function_get(PyObject *object, PyObject *instance, PyObject *owner)
{
    (void)instance, (void)owner;
    return Py_NewRef(object);
}

/* Not a member: the type has an attribute of that name. */
static PyObject *function_getattr(PyObject *object, PyObject *name)
{
    if (PyUnicode_Check(name) && PyUnicode_CompareWithASCIIString(name, "__module__") == 0)
        return Py_NewRef(((Function *)object)->module);
    return PyObject_GenericGetAttr(object, name);
}

static PyObject *function_doc(PyObject *object, void *closure)
{
    Function *self = (Function *)object;
    (void)closure;
    if (!__atomic_load_n(&self->doc, __ATOMIC_ACQUIRE)) {
        PyObject *made = described(object, "__doc__");
        if (!made)
            return NULL;
        set_once(&self->doc, made);
    }
    return Py_NewRef(self->doc);
}

static PyObject *function_signature(PyObject *object, void *closure)
{
    (void)closure;
    return described(object, "__signature__");
}

static PyObject *function_defaults(PyObject *object, void *closure)
{
    Function *self = (Function *)object;
    Py_ssize_t count = self->names ? PyTuple_Size(self->names) - self->required : 0;
    (void)closure;
    if (!count)
        return Py_NewRef(Py_None);
    PyObject *made = PyTuple_New(count);
    for (Py_ssize_t i = 0; made && i < count; i++)
        PyTuple_SetItem(made, i, Py_NewRef(default_of(self, self->required + i)));
    return made;
}

/* Pickled and copied by name. */
static PyObject *function_reduce(PyObject *object, PyObject *none)
{
    (void)none;
    return Py_NewRef(((Function *)object)->title);
}

/* Empty where there is no function in Python: the stubs have the types. */
static PyObject *function_annotations(PyObject *object, void *closure)
{
    PyObject *python = ((Function *)object)->python;
    (void)closure;
    return python ? PyObject_GetAttrString(python, "__annotations__") : PyDict_New();
}

static PyMemberDef function_members[] = {
    {"__vectorcalloffset__", T_PYSSIZET, offsetof(Function, vectorcall), READONLY, NULL},
    {"__weaklistoffset__", T_PYSSIZET, offsetof(Function, weakrefs), READONLY, NULL},
    {"__name__", T_OBJECT_EX, offsetof(Function, title), READONLY, NULL},
    {"__qualname__", T_OBJECT_EX, offsetof(Function, title), READONLY, NULL},
    {"__wrapped__", T_OBJECT_EX, offsetof(Function, python), READONLY, NULL},
    {"parameters", T_OBJECT, offsetof(Function, names), READONLY, NULL}, /* None of syscall */
    {NULL, 0, 0, 0, NULL},
};
static PyGetSetDef function_getset[] = {
    {"__annotations__", function_annotations, NULL, NULL, NULL},
    {"__doc__", function_doc, NULL, NULL, NULL},
    {"__signature__", function_signature, NULL, NULL, NULL},
    {"__defaults__", function_defaults, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
static PyMethodDef function_methods[] = {
    {"__reduce__", function_reduce, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyType_Slot function_slots[] = {
    {Py_tp_traverse, function_traverse}, {Py_tp_clear, function_clear},     {Py_tp_dealloc, function_dealloc},
    {Py_tp_call, function_call},         {Py_tp_repr, function_repr},       {Py_tp_descr_get, function_get},
    {Py_tp_getattro, function_getattr},  {Py_tp_members, function_members}, {Py_tp_getset, function_getset},
    {Py_tp_methods, function_methods},   {0, NULL},
};
static PyType_Spec function_spec = {
    "pysys.calls.function", sizeof(Function), 0, MADE_HERE | HAS_VECTORCALL, function_slots,
};

static int family_traverse(PyObject *object, visitproc visit, void *arg)
{
    Family *self = (Family *)object;
    Py_VISIT(type_of(object));
    for (int i = 0; i < MOST_SHARED; i++)
        Py_VISIT(self->shared[i]);
    Py_VISIT(self->error);
    return 0;
}

static void family_dealloc(PyObject *object)
{
    Family *self = (Family *)object;
    PyTypeObject *type = type_of(object);
    PyObject_GC_UnTrack(object);
    for (int i = 0; i < MOST_SHARED; i++)
        Py_XDECREF(self->shared[i]);
    Py_XDECREF(self->error);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

static Function *new_function(Family *family, vectorcall vectorcall, PyObject *title, const char *module)
{
    Function *made = (Function *)PyType_GenericAlloc((PyTypeObject *)family->shared[FUNCTION], 0);
    if (!made)
        return NULL;
    made->vectorcall = vectorcall;
    made->family = (Family *)Py_NewRef((PyObject *)family);
    made->title = Py_NewRef(title);
    made->module = PyUnicode_FromString(module);
    if (!made->module)
        Py_CLEAR(made);
    return made;
}

/* The names of a call's parameters. */
static PyObject *names_of(const struct call *call)
{
    PyObject *made = PyTuple_New(call->count);
    const char *name = call->names;
    for (int i = 0; made && i < call->count; i++) {
        PyObject *one = PyUnicode_InternFromString(name);
        if (!one)
            Py_CLEAR(made);
        else
            PyTuple_SetItem(made, i, one);
        name += strlen(name) + 1;
    }
    return made;
}

/* The row of a name; NULL for what is not in the table, and with an exception. */
static const struct call *call_of(PyObject *name)
{
    Py_ssize_t size;
    const char *text = PyUnicode_AsUTF8AndSize(name, &size);
    if (!text && PyErr_ExceptionMatches(PyExc_UnicodeError))
        PyErr_Clear();
    return text && strlen(text) == (size_t)size ? find_call(text) : NULL;
}

/* typed(name, module, omitting): the function of a call; omitting: callers may omit what has a default, and
   otherwise only what a newer kernel added. None for what is not in the table. */
static PyObject *family_typed(PyObject *object, PyObject *args)
{
    const char *module;
    PyObject *name, *title;
    int omitting;
    if (!PyArg_ParseTuple(args, "Usi", &name, &module, &omitting))
        return NULL;
    const struct call *call = call_of(name);
    if (!call && PyErr_Occurred())
        return NULL;
    if (!call)
        return Py_NewRef(Py_None);
    title = PyUnicode_InternFromString(call->name);
    if (!title)
        return NULL;
    Function *made = new_function((Family *)object, make_typed_call, title, module);
    Py_DECREF(title);
    if (!made)
        return NULL;
    made->call = call;
    made->number = call->number;
    made->required = call->count;
    while (made->required && call->parameters[made->required - 1].flags & (omitting ? HAS_DEFAULT : IS_NEWER))
        made->required--;
    made->names = names_of(call);
    if (!made->names)
        Py_CLEAR(made);
    return (PyObject *)made;
}

/* kind(name): what pysys.calls makes of a name: "own", the ABI's own call; "newer", that or, on a kernel that does
   not know it, an older one; "", something else. */
static PyObject *family_kind(PyObject *object, PyObject *name)
{
    const struct call *call = PyUnicode_Check(name) ? call_of(name) : NULL;
    (void)object;
    if (!call && PyErr_Occurred())
        return NULL;
    return PyUnicode_FromString(!call || call->flags & IS_REPLACED ? "" : call->flags & FALLS_BACK ? "newer" : "own");
}

static Function *new_raw(Family *family, PyObject *title, int number, const struct call *call)
{
    Function *made = new_function(family, make_raw_call, title, "pysys");
    if (made) {
        made->number = number;
        made->call = call;
    }
    return made;
}

/* raw(title, number): a call that syscall() makes; title: its name, or its number if it has none. */
static PyObject *family_raw(PyObject *object, PyObject *args)
{
    PyObject *title;
    int number;
    if (!PyArg_ParseTuple(args, "Oi", &title, &number))
        return NULL;
    const struct call *call = PyUnicode_Check(title) ? call_of(title) : NULL;
    return !call && PyErr_Occurred() ? NULL : (PyObject *)new_raw((Family *)object, title, number, call);
}

/* syscall(plain): the function; plain: {name or number: what raw() returned}. */
static PyObject *family_syscall(PyObject *object, PyObject *plain)
{
    PyObject *title = PyUnicode_InternFromString("syscall");
    if (!title)
        return NULL;
    Function *made = new_function((Family *)object, make_raw_call, title, "pysys");
    Py_DECREF(title);
    if (made)
        made->plain = Py_NewRef(plain);
    return (PyObject *)made;
}

/* value(python, typed, names, makes): the function of a call that returns a value, made by a form. python: the
   same in Python, with parameters of these names. typed: the function of the call. makes: what its values are
   made with; None: DESCRIBES is asked for it. */
static PyObject *family_value(PyObject *object, PyObject *args)
{
    Family *family = (Family *)object;
    PyObject *python, *typed, *names, *makes;
    if (!PyArg_ParseTuple(args, "OO!O!O", &python, (PyTypeObject *)family->shared[FUNCTION], &typed, &PyTuple_Type,
                          &names, &makes))
        return NULL;
    const struct form *form = find_form((Function *)typed);
    if (!form || PyTuple_Size(names) > MOST_PARAMETERS)
        return PyErr_Format(PyExc_ValueError, "there is no form for %R", typed);
    Function *made = new_function(family, make_value_call, ((Function *)typed)->title, "pysys.calls");
    if (!made)
        return NULL;
    made->form = form;
    made->python = Py_NewRef(python);
    made->typed = Py_NewRef(typed);
    made->names = Py_NewRef(names);
    made->makes = makes == Py_None ? NULL : Py_NewRef(makes);
    made->required = (int)PyTuple_Size(names);
    PyObject *defaults = PyObject_GetAttrString(python, "__defaults__");
    if (!defaults)
        Py_CLEAR(made);
    else if (defaults == Py_None)
        Py_DECREF(defaults);
    else {
        made->defaults = defaults;
        made->required -= (int)PyTuple_Size(defaults);
    }
    return (PyObject *)made;
}

static PyObject *new_family(PyTypeObject *type, int is_utf8, PyObject *const *shared)
{
    Family *made = (Family *)PyType_GenericAlloc(type, 0);
    if (!made)
        return NULL;
    made->is_utf8 = is_utf8;
    for (int i = 0; i < MOST_SHARED; i++)
        made->shared[i] = Py_NewRef(shared[i]);
    return (PyObject *)made;
}

/* other(converts, settles, binds, describes, ctypes, names): a family whose functions ask these. */
static PyObject *family_other(PyObject *object, PyObject *args)
{
    Family *self = (Family *)object;
    PyObject *shared[MOST_SHARED];
    memcpy(shared, self->shared, sizeof shared);
    if (!PyArg_ParseTuple(args, "OOOOOO", &shared[CONVERTS], &shared[SETTLES], &shared[BINDS], &shared[DESCRIBES],
                          &shared[CTYPES], &shared[NAMES]))
        return NULL;
    return new_family(type_of(object), self->is_utf8, shared);
}

static PyMethodDef family_methods[] = {
    {"typed", family_typed, METH_VARARGS, NULL},
    {"kind", family_kind, METH_O, NULL},
    {"raw", family_raw, METH_VARARGS, NULL},
    {"syscall", family_syscall, METH_O, NULL},
    {"value", family_value, METH_VARARGS, NULL},
    {"other", family_other, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};
/* It is not cleared, as a tuple is not: what finalizers call still finds all of it, and other objects of a cycle
   break that. */
static PyType_Slot family_slots[] = {
    {Py_tp_traverse, family_traverse},
    {Py_tp_dealloc, family_dealloc},
    {Py_tp_methods, family_methods},
    {0, NULL},
};
static PyType_Spec family_spec = {
    "pysys.calls.family", sizeof(Family), 0, MADE_HERE, family_slots,
};

/* call_family(is_utf8, finds_error, getattr, typeof, sizeof, buffer, any_cdata, owned, pointer, owner): a family without
   functions, from which others are made. One for each interpreter: their functions have one type. */
static PyObject *call_family(PyObject *module, PyObject *args)
{
    PyObject *shared[MOST_SHARED] = {NULL}, *type = NULL, *made = NULL;
    int is_utf8;
    (void)module;
    if (!PyArg_ParseTuple(args, "iOOOOOOOOO", &is_utf8, &shared[FINDS_ERROR], &shared[GETATTR], &shared[TYPEOF],
                          &shared[SIZEOF], &shared[BUFFER], &shared[ANY_CDATA], &shared[OWNED], &shared[POINTER],
                          &shared[OWNER]))
        return NULL;
    for (int i = 0; i < FINDS_ERROR; i++)
        shared[i] = Py_None;
    if ((shared[ZERO] = PyLong_FromLong(0)) && (shared[CDATA] = PyUnicode_InternFromString("cdata")) &&
        (shared[EXTENT] = PyUnicode_InternFromString("_extent")) &&
        (shared[PLAIN] = PyUnicode_InternFromString("_plain")) &&
        (shared[FUNCTION] = PyType_FromSpec(&function_spec)) && (type = PyType_FromSpec(&family_spec)))
        made = new_family((PyTypeObject *)type, is_utf8, shared);
    for (int i = ZERO; i < MOST_SHARED; i++)
        Py_XDECREF(shared[i]);
    Py_XDECREF(type);
    return made;
}

/* Called when the module is made. */
static int find_raise_event(void)
{
    void *found = dlsym(RTLD_DEFAULT, "PySys_Audit");
    memcpy(&raise_event, &found, sizeof found);
    static _Atomic int forgets;
    if (!forgets++)     /* once, however many interpreters there are */
        pthread_atfork(NULL, NULL, forget_caller);
    if (!found)
        PyErr_SetString(PyExc_ImportError, "this interpreter has no PySys_Audit");
    return found ? 0 : -1;
}
