/* The functions of the module that are not CFFI's: they take Python's objects as they are.
 *
 * The initialization that CFFI generates returns _cffi_init(...), and the module gets them there. */
#include "starts.c"

static PyMethodDef pysys_methods[] = {
    {"call_family", call_family, METH_VARARGS, NULL},
    {"abandon_plain", abandon_plain, METH_O, NULL},
    {"create_plain", FASTCALL(create_plain), METH_FASTCALL, NULL},
    {"is_main", is_main, METH_NOARGS, NULL},
    {"join_environment", join_environment, METH_NOARGS, NULL},
    {"join_strings", join_strings, METH_O, NULL},
    {"join_variables", join_variables, METH_O, NULL},
    {"number_reader", number_reader, METH_VARARGS, NULL},
    {"process_type", process_type, METH_NOARGS, NULL},
    {"structure_type", structure_type, METH_NOARGS, NULL},
    {"ticket", new_ticket, METH_NOARGS, NULL},
    {NULL, NULL, 0, NULL},
};

static PyObject *with_methods(PyObject *module)
{
    if (module && (find_raise_event() < 0 || PyModule_AddFunctions(module, pysys_methods) < 0))
        Py_CLEAR(module);
    return module;
}

#define _cffi_init(name, version, context) with_methods((_cffi_init)(name, version, context))
