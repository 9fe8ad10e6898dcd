// technique: fills the scratch folder with files as large as they may be
// class: exhausting
// expect: runtime_error, timed_out, output_exceeded, memory_exceeded
        byte[] block = new byte[1 << 20];
        try {
            for (int n = 0; ; n++) {
                try (var out = new java.io.FileOutputStream("big" + n)) {
                    for (int i = 0; i < 15; i++) {
                        out.write(block);
                    }
                }
            }
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
