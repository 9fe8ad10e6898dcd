// technique: an answer whose pages change while it is in the pipe
// class: forging
// expect: wrong_answer, tampered
    void attack();
    attack();
    return 0;
}

@messages@

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <thread>
void attack() {
    char* page = (char*)mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    string body = "V" + number(1) + integer(0) + number(0);
    unsigned size = body.size();
    memcpy(page, (string((char*)&size, 4) + body).data(), size + 4);
    iovec part = {page, size + 4};
    if (vmsplice(4, &part, 1, SPLICE_F_GIFT) < 0) return;
    for (int i = 0; i < 10000000; i++) page[10] = (char)(i & 3);
}
