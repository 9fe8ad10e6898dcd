// technique: /etc/shadow and the environment, by #include
// class: escaping
// expect: compile_error
    return 0;
}
#include "/etc/shadow"
#include "/proc/self/environ"
#include "/proc/1/environ"
void last() {}
