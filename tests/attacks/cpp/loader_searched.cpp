// technique: the tests looked for by name through the loader
// class: forging
// expect: wrong_answer
    void attack();
    attack();
    return 0;
}

#include <dlfcn.h>
void attack() {
    for (const char* name : {"main", "check", "token", "hx_check_", "report", "start", "_Z5checkiPKc"})
        for (void* scope : {RTLD_DEFAULT, RTLD_NEXT, dlopen(0, RTLD_LAZY), dlopen("./tests.so", RTLD_LAZY)})
            if (scope != 0 || name[0] != 'm') if (void* found = dlsym(scope, name)) printf("%s at %p\n", name, found);
}
