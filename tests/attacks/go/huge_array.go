// technique: an initialised array larger than any file may be
// class: exhausting
// expect: compile_error, output_exceeded, memory_exceeded, timed_out
// limits: compile_cpu_s=10 compile_wall_s=30
    return int(huge[len(levels)])
}

var huge = [1 << 30]byte{1, 1<<30 - 1: 1}
