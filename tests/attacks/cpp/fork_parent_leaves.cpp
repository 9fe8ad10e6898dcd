// technique: the parent exits with status 0, the tests run on in the child
// class: forging
// expect: tampered, wrong_answer
    void attack();
    attack();
    return 0;
}

#include <unistd.h>
void attack() { if (fork()) _exit(0); }
