// technique: native code writes what is no message
// class: forging
// expect: tampered
@native_begins@
                "  write(4, \"\\377\\377\\377\\377\", 4); }"));
@native_ends@
    }
}
