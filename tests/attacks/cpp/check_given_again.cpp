// technique: the function that takes the check is found by its name's beginning in the tests' object and given another
// class: forging
// expect: wrong_answer, runtime_error, tampered
    void attack();
    attack();
    return -99;
}

#include <dlfcn.h>
#include <link.h>
static void good(int, const char*) {}
void attack() {
    Dl_info at;
    dladdr(__builtin_return_address(1), &at);
    void* tests = dlopen(at.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
    if (!tests) return;
    link_map* map;
    dlinfo(tests, RTLD_DI_LINKMAP, &map);
    const char* names = 0;
    for (ElfW(Dyn)* d = map->l_ld; d->d_tag; d++) if (d->d_tag == DT_STRTAB) names = (char*)d->d_un.d_ptr;
    for (; strncmp(names, "hx_take_", 8); names++) {}
    ((void (*)(void (*)(int, const char*)))dlsym(tests, names))(good);
}
