// technique: native code begins a message, then ends with status 0
// class: forging
// expect: tampered
// limits: cpu_s=20 wall_s=60
@native_begins@
                "  write(4, \"\\144\\000\\000\\000V\\001\", 6); _exit(0); }"));
@native_ends@
    }
}
