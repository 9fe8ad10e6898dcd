// technique: a loop that swallows whatever is thrown into it
// class: exhausting
// expect: timed_out
// limits: cpu_s=1 wall_s=5
        for (;;) {
            try {
                for (;;) {
                    Thread.onSpinWait();
                }
            } catch (Throwable again) {
                continue;
            }
        }
    }
}
