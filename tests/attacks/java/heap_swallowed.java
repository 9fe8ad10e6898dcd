// technique: fills the heap and swallows the error, again and again
// class: exhausting
// expect: timed_out, memory_exceeded
// limits: memory_mib=256 cpu_s=2 wall_s=5
        List<int[]> kept = new ArrayList<>();
        for (;;) {
            try {
                kept.add(new int[1 << 20]);
            } catch (Throwable again) {
                continue;
            }
        }
    }
}
