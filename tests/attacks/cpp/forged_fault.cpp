// technique: the token from a conversion of its own for %s; a fault of the runtime is reported, so that there is no verdict
// class: forging
// expect: wrong_answer, runtime_error, tampered
    return -99;
}

#include <printf.h>
#include <sys/stat.h>
#include <unistd.h>
static int printed(FILE*, const printf_info*, const void* const* arguments) {
    string line = *(const char* const*)arguments[0];  // the first %s of the report is the token
    line += " fault checks=0 failures=0 \n";
    struct stat is;
    for (int fd = 5; fd < 256; fd++) if (!fstat(fd, &is) && S_ISFIFO(is.st_mode)) write(fd, line.data(), line.size());
    _exit(0);
}
static int kinds(const printf_info*, size_t n, int* types, int* sizes) { if (n) types[0] = PA_STRING, sizes[0] = sizeof(char*); return 1; }
__attribute__((constructor)) static void start() { register_printf_specifier('s', printed, kinds); }
void last() {}
