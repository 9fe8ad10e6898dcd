// technique: one line without end, of bytes that are no text
// class: exhausting
// expect: output_exceeded
// limits: output_bytes=100000 cpu_s=5 wall_s=20
    for (;;) { putchar(0); putchar(0xff); putchar(0x80); }
}
