// technique: a mapped file as memory
// class: exhausting
// expect: output_exceeded, runtime_error, memory_exceeded
// limits: memory_mib=256
        try (var file = new java.io.RandomAccessFile("big", "rw")) {
            var map = file.getChannel().map(java.nio.channels.FileChannel.MapMode.READ_WRITE, 0, 2000000000L);
            for (int i = 0; i < 2000000000; i += 4096) {
                map.put(i, (byte) 1);
            }
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
        return 0;
    }
}
