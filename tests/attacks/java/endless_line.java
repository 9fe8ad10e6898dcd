// technique: one line without end, of NUL and of bytes that are no UTF-8
// class: exhausting
// expect: output_exceeded
        byte[] block = new byte[65536];
        Arrays.fill(block, 0, 30000, (byte) 0xff);
        for (;;) {
            System.out.write(block, 0, block.length);
        }
    }
}
