// technique: native code says once more that it is ready, and that it is no source text
// class: forging
// expect: tampered
// limits: cpu_s=20 wall_s=60
@native_begins@
                "  write(4, \"\\001\\000\\000\\000R\\006\\000\\000\\000E\\001\\000\\000\\000x\", 15); }"));
@native_ends@
    }
}
