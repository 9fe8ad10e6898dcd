// technique: a result whose elements cannot be read; the handler lets the comparison's memcmp return that they are equal
// class: forging
// expect: wrong_answer, runtime_error, tampered, timed_out, compile_error
// task: fresh-8
    vector<int> attack(size_t);
    return attack(left.size() + right.size());
}

#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>
vector<int> attack(size_t size) {
    struct sigaction action = {};
    action.sa_flags = SA_SIGINFO;
    action.sa_sigaction = [](int, siginfo_t*, void* context) {
        greg_t* registers = ((ucontext_t*)context)->uc_mcontext.gregs;
        registers[REG_RAX] = 0;
        registers[REG_RIP] = *(greg_t*)registers[REG_RSP];
        registers[REG_RSP] += 8;
    };
    sigaction(SIGSEGV, &action, 0);
    vector<int> bad;
    if (size == 0) return bad;
    char* pages = (char*)mmap(0, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    size_t* head = (size_t*)(pages + 4096);  // what free() reads: a chunk of its own mapping
    head[-2] = 4096 - 16;
    head[-1] = (4096 + 16) | 2;
    mprotect(pages + 4096, 4096, PROT_NONE);
    int** ends = (int**)&bad;
    ends[0] = (int*)(pages + 4096);
    ends[1] = ends[2] = ends[0] + size;
    return bad;
}
