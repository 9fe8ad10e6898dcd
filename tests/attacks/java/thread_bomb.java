// technique: threads without end
// class: exhausting
// expect: runtime_error, timed_out, memory_exceeded
// limits: cpu_s=2 wall_s=4
        for (;;) {
            new Thread(() -> {
                for (;;) {
                    Thread.onSpinWait();
                }
            }).start();
        }
    }
}
