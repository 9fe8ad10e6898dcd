// technique: an exception whose text never ends
// class: forging
// expect: runtime_error, memory_exceeded, timed_out
    void attack();
    attack();
    return 0;
}

#include <exception>
struct Long : exception {
    const char* what() const noexcept { static string text(1 << 28, '\xff'); return text.c_str(); }
};
void attack() { throw Long(); }
