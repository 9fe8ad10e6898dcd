// technique: a file of the host, by #include
// class: escaping
// expect: compile_error
    return 0;
}
#include "@FILE@"
void last() {}
