// technique: ends before it is loaded
// class: forging
// expect: tampered
    return 0;
}
#include <unistd.h>
__attribute__((constructor)) static void leave() { _exit(0); }
