// technique: unloads the tests' object before they run
// class: forging
// expect: wrong_answer, runtime_error, tampered
    return -99;
}

#include <dlfcn.h>
#include <link.h>
static int found(dl_phdr_info* each, size_t, void*) {
    if (!strncmp(each->dlpi_name, "/proc/self/fd/", 14))
        if (void* tests = dlopen(each->dlpi_name, RTLD_LAZY | RTLD_NOLOAD)) for (int i = 0; i < 9; i++) dlclose(tests);
    return 0;
}
__attribute__((constructor)) static void unload() { dl_iterate_phdr(found, 0); }
