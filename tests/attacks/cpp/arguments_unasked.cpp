// technique: sends other arguments back with an answer, though nobody asked for them
// class: forging
// expect: tampered
    void attack();
    attack();
    return 0;
}

#include <unistd.h>
void attack() {
    struct __attribute__((packed)) { unsigned size; char kind; unsigned number; char tag; long long value; unsigned count; char list; unsigned none; }
    answer = {23, 'V', 1, 'i', 2, 1, 'l', 0};
    answer.size = sizeof answer - 4;
    if (write(4, &answer, sizeof answer) < 0) return;
}
