// technique: a type whose name doubles with every step
// class: exhausting
// expect: compile_error, memory_exceeded, timed_out
// limits: compile_cpu_s=2 compile_wall_s=8 compile_memory_mib=512 cpu_s=1 wall_s=3
    return 0;
}

template<class A, class B> struct Two { A a; B b; };
template<int N> struct Grow { typedef Two<typename Grow<N - 1>::type, typename Grow<N - 1>::type> type; };
template<> struct Grow<0> { typedef int type; };
Grow<40>::type grown() { return Grow<40>::type(); }
