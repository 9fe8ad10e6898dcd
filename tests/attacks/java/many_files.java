// technique: a million empty files
// class: exhausting
// expect: timed_out, runtime_error, memory_exceeded
// limits: cpu_s=2 wall_s=5
        try {
            for (int n = 0; n < 1000000; n++) {
                new java.io.File("f" + n).createNewFile();
            }
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
        return 0;
    }
}
