// technique: a type whose bounds take the compiler forever
// class: exhausting
// expect: compile_error, memory_exceeded, timed_out
// limits: compile_cpu_s=5 compile_wall_s=15
        A<? super B<Integer>> a = new B<Integer>();
        return 0;
    }
}

class A<T> {}

class B<T> extends A<A<? super B<B<T>>>> {}
