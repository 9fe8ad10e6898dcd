// technique: memory outside the heap
// class: exhausting
// expect: memory_exceeded
// limits: memory_mib=256
        List<java.nio.ByteBuffer> kept = new ArrayList<>();
        for (;;) {
            kept.add(java.nio.ByteBuffer.allocateDirect(1 << 24));
        }
    }
}
