/* The functions of the module that are not CFFI's: they take Python's objects as they are.
 *
 * The initialization that CFFI generates returns _cffi_init(...), and the module gets them there. */
static PyMethodDef pysys_methods[] = {
    {"call_family", call_family, METH_VARARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyObject *with_methods(PyObject *module)
{
    if (module && (find_raise_event() < 0 || PyModule_AddFunctions(module, pysys_methods) < 0))
        Py_CLEAR(module);
    return module;
}

#define _cffi_init(name, version, context) with_methods((_cffi_init)(name, version, context))
