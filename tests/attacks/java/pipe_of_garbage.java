// technique: native code writes what is no message
// class: forging
// expect: tampered
// limits: cpu_s=20 wall_s=60
@native_begins@
                "  write(4, \"\\377\\377\\377\\377\", 4); }"));
@native_ends@
    }
}
