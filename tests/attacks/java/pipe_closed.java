// technique: native code closes every descriptor and lives on
// class: forging
// expect: timed_out, tampered, runtime_error
// limits: wall_s=2
@native_begins@
                "  for (int fd = 0; fd < 1024; fd++) close(fd);",
                "  for (;;) pause(); }"));
@native_ends@
    }
}
