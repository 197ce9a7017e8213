/* PYSYS_ABI_NAME comes from src/pysys/abi.py, by way of build_ffi.py. */
const char *const pysys_abi_name = PYSYS_ABI_NAME;
