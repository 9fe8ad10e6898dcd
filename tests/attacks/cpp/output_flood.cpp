// technique: output without end
// class: exhausting
// expect: output_exceeded
// limits: output_bytes=100000 cpu_s=5 wall_s=20
    for (;;) puts("floodfloodfloodfloodfloodflood");
}
