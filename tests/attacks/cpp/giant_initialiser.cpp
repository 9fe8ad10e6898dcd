// technique: an array that makes the object file huge
// class: exhausting
// expect: compile_error, memory_exceeded, timed_out, output_exceeded
// limits: compile_cpu_s=3 compile_wall_s=10 compile_memory_mib=512 cpu_s=1 wall_s=3
    return 0;
}
int giant[1 << 28] = {1};
void last() {}
