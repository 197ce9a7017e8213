/* The base of the structures of pysys.structures: what an object has of its memory. CFFI's pointer, who owns the
 * memory, and what is kept for pointers in it are made when they are asked for: a structure that a call returns is
 * a copy of what the kernel wrote until then, and its numbers are read there. */

typedef struct {
    PyObject_HEAD
    PyObject *cdata;    /* CFFI's pointer, of memory of this type's size if nobody sets another one */
    PyObject *owner;    /* what keeps the memory alive: by default the pointer */
    PyObject *keep;     /* {address: memory}: what pointers in it lead to */
    PyObject *extent;   /* how many bytes there are: by default those of the type */
    PyObject *copy;     /* bytes that the memory begins with; NULL: none */
} Structure;

#ifdef Py_GIL_DISABLED
#define WITH_LOCK(object, statement) \
    do { \
        Py_BEGIN_CRITICAL_SECTION(object); \
        statement; \
        Py_END_CRITICAL_SECTION(); \
    } while (0)
#else
#define WITH_LOCK(object, statement) \
    do { \
        statement; \
    } while (0)
#endif

#define PLACE(field) ((void *)offsetof(Structure, field))
#define FIELD(object, place) (*(PyObject **)((char *)(object) + (size_t)(place)))

/* An attribute, or NULL without an exception if it is not made yet. */
static PyObject *made_by_now(PyObject *object, void *place)
{
    PyObject *found;
    WITH_LOCK(object, found = FIELD(object, place); Py_XINCREF(found));
    return found;
}

static PyObject *make_attribute(PyObject *object, void *place)
{
    if (place == PLACE(keep))
        return PyDict_New();
    if (place == PLACE(extent))
        return PyObject_GetAttrString(object, "_size");
    if (place == PLACE(owner))
        return PyObject_GetAttrString(object, "cdata");
    PyObject *copy = ((Structure *)object)->copy;
    return PyObject_CallMethod(object, "_memory", "O", copy ? copy : Py_None);
}

static PyObject *structure_get(PyObject *object, void *place)
{
    PyObject *found = made_by_now(object, place);
    if (found)
        return found;
    PyObject *made = make_attribute(object, place);
    if (!made)
        return NULL;
    WITH_LOCK(object, found = FIELD(object, place); if (!found) found = FIELD(object, place) = Py_NewRef(made);
              Py_INCREF(found)); /* another thread may have been first */
    Py_DECREF(made);
    return found;
}

static int structure_set(PyObject *object, PyObject *value, void *place)
{
    PyObject *before;
    if (!value) {
        PyErr_SetString(PyExc_AttributeError, "what a structure has of its memory cannot be deleted");
        return -1;
    }
    Py_INCREF(value);
    WITH_LOCK(object, before = FIELD(object, place); FIELD(object, place) = value);
    Py_XDECREF(before);
    return 0;
}

static int structure_traverse(PyObject *object, visitproc visit, void *arg)
{
    Structure *self = (Structure *)object;
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->cdata);
    Py_VISIT(self->owner);
    Py_VISIT(self->keep);
    Py_VISIT(self->extent);
    return 0;
}

static void structure_dealloc(PyObject *object)
{
    Structure *self = (Structure *)object;
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    Py_CLEAR(self->cdata);
    Py_CLEAR(self->owner);
    Py_CLEAR(self->keep);
    Py_CLEAR(self->extent);
    Py_CLEAR(self->copy);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

static PyObject *copied(PyTypeObject *type, PyObject *bytes)
{
    Structure *made = (Structure *)PyType_GenericAlloc(type, 0);
    if (made)
        made->copy = Py_NewRef(bytes);
    return (PyObject *)made;
}

/* _copied(bytes): a structure of the class with these, which are as long as it is. */
static PyObject *structure_copied(PyObject *type, PyObject *bytes)
{
    if (!PyBytes_CheckExact(bytes))
        return PyErr_Format(PyExc_TypeError, "%R is not bytes", bytes);
    return copied((PyTypeObject *)type, bytes);
}

static PyMethodDef structure_methods[] = {
    {"_copied", structure_copied, METH_O | METH_CLASS, NULL},
    {NULL, NULL, 0, NULL},
};
static PyGetSetDef structure_getset[] = {
    {"cdata", structure_get, structure_set, NULL, PLACE(cdata)},
    {"_owner", structure_get, structure_set, NULL, PLACE(owner)},
    {"_keep", structure_get, structure_set, NULL, PLACE(keep)},
    {"_extent", structure_get, structure_set, NULL, PLACE(extent)},
    {NULL, NULL, NULL, NULL, NULL},
};
/* It is not cleared, as a tuple is not: an empty one would make other memory. */
static PyType_Slot structure_slots[] = {
    {Py_tp_traverse, structure_traverse},
    {Py_tp_dealloc, structure_dealloc},
    {Py_tp_getset, structure_getset},
    {Py_tp_methods, structure_methods},
    {0, NULL},
};
static PyType_Spec structure_spec = {
    "pysys._ffi.Structure", sizeof(Structure), 0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_IMMUTABLETYPE, structure_slots,
};

/* ---- numbers in structures ---- */

/* The number at an offset. `how`: (the base, the field's name, its offset, size and whether it has a sign). */
static PyObject *read_number(PyObject *how, PyObject *object)
{
    if (!PyType_IsSubtype(Py_TYPE(object), (PyTypeObject *)PyTuple_GetItem(how, 0)))
        return PyErr_Format(PyExc_TypeError, "%R is not a structure", object);
    PyObject *name = PyTuple_GetItem(how, 1), *pointer = made_by_now(object, PLACE(cdata));
    PyObject *copy = ((Structure *)object)->copy;
    if (!pointer && !copy && !(pointer = PyObject_GetAttrString(object, "cdata")))
        return NULL;
    if (pointer) {
        PyObject *found = PyObject_GetAttr(pointer, name);
        Py_DECREF(pointer);
        return found;
    }
    long code = PyLong_AsLong(PyTuple_GetItem(how, 2)), offset = code >> 5, size = code >> 1 & 15;
    const char *place = PyBytes_AsString(copy) + offset;
    unsigned long long number = 0;
    if (offset < 0 || size > 8 || offset + size > PyBytes_Size(copy))
        return PyErr_Format(PyExc_ValueError, "%R is not within the structure", name);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    memcpy((char *)&number + sizeof number - size, place, (size_t)size);
#else
    memcpy(&number, place, (size_t)size);
#endif
    if (!(code & 1))
        return PyLong_FromUnsignedLongLong(number);
    int unused = 64 - 8 * (int)size;
    return PyLong_FromLongLong((long long)(number << unused) >> unused);
}

static PyMethodDef read_number_def = {"read_number", read_number, METH_O, NULL};

/* number_reader(base, name, offset, size, is_signed): a function that reads a field of a structure. */
static PyObject *number_reader(PyObject *module, PyObject *args)
{
    PyObject *base, *name, *how, *made = NULL;
    long offset, size;
    int is_signed;
    (void)module;
    if (!PyArg_ParseTuple(args, "O!Ullp", &PyType_Type, &base, &name, &offset, &size, &is_signed))
        return NULL;
    how = Py_BuildValue("(OOl)", base, name, offset << 5 | size << 1 | is_signed);
    if (how)
        made = PyCFunction_New(&read_number_def, how);
    Py_XDECREF(how);
    return made;
}

/* structure_type(): the base, for the interpreter that asks. */
static PyObject *structure_type(PyObject *module, PyObject *unused)
{
    (void)module, (void)unused;
    return PyType_FromSpec(&structure_spec);
}
