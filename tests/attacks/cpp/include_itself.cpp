// technique: #include of the file itself, without end
// class: exhausting
// expect: compile_error, memory_exceeded, timed_out, output_exceeded
// limits: compile_cpu_s=3 compile_wall_s=10 compile_memory_mib=512 cpu_s=1 wall_s=3
    return 0;
}
#include __FILE__
#include "hx-candidate"
void last() {}
