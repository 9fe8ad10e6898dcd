// technique: templates without end
// class: exhausting
// expect: compile_error, memory_exceeded, timed_out
// limits: compile_cpu_s=3 compile_wall_s=10 compile_memory_mib=512 cpu_s=1 wall_s=3
    return 0;
}

template<int N> struct Twice { typedef typename Twice<N + 1>::a a; typedef typename Twice<N + 2>::a b; };
Twice<0>::a made() {}
