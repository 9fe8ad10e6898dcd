// technique: nested lambdas with overloads, each tried twice by the compiler
// class: exhausting
// expect: compile_error, timed_out, memory_exceeded, wrong_answer
// limits: compile_cpu_s=2 compile_wall_s=10
        return 0;
    }
    interface F { Object f(Object x); }
    interface G { String g(String x); }
    static int m(F f) { return 0; }
    static int m(G g) { return 0; }
    static void deep() {
        m(x13 -> { int y13 = m(x12 -> { int y12 = m(x11 -> { int y11 = m(x10 -> { int y10 = m(x9 -> { int y9 = m(x8 -> { int y8 = m(x7 -> { int y7 = m(x6 -> { int y6 = m(x5 -> { int y5 = m(x4 -> { int y4 = m(x3 -> { int y3 = m(x2 -> { int y2 = m(x1 -> { int y1 = m(x0 -> { int y0 = 0; return null; }); return null; }); return null; }); return null; }); return null; }); return null; }); return null; }); return null; }); return null; }); return null; }); return null; }); return null; }); return null; }); return null; });
    }
}
