// technique: become a program that ends with status 0
// class: forging
// expect: tampered
    void attack();
    attack();
    return 0;
}

#include <unistd.h>
void attack() { execl("/bin/true", "true", (char*)0); }
