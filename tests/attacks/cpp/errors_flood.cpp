// technique: standard error without end
// class: exhausting
// expect: output_exceeded
// limits: output_bytes=100000 cpu_s=5 wall_s=20
    for (;;) cerr << "flood\0flood";
}
