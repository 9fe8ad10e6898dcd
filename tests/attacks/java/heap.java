// technique: fills the heap
// class: exhausting
// expect: memory_exceeded
// limits: memory_mib=256
        List<int[]> kept = new ArrayList<>();
        for (;;) {
            kept.add(new int[1 << 20]);
        }
    }
}
