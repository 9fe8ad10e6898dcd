// technique: processes that start processes
// class: exhausting
// expect: timed_out, runtime_error, memory_exceeded
// limits: cpu_s=1 wall_s=3
        try {
            for (;;) {
                new ProcessBuilder("/bin/sh", "-c", "b() { b | b & b; }; b").start();
            }
        } catch (java.io.IOException e) {
            for (;;) {
                Thread.onSpinWait();
            }
        }
    }
}
