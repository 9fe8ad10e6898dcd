// technique: native code fills the pipe of the answers without end
// class: exhausting
// expect: tampered, timed_out, output_exceeded
// limits: wall_s=3
@native_begins@
                "  static char block[65536]; memset(block, 1, sizeof block); block[3] = 0;",
                "  for (;;) if (write(4, block, sizeof block) < 0) _exit(0); }"));
@native_ends@
    }
}
