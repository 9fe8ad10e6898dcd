// technique: native code writes the lines of a report, of a fault and of readiness where answers go
// class: forging
// expect: tampered
// limits: cpu_s=20 wall_s=60
@native_begins@
                "  const char *zeros = \"00000000000000000000000000000000\";",
                "  for (int fd = 3; fd < 64; fd++) {",
                "    dprintf(fd, \"ready\\n%s done checks=14 failures=0 \\n\", zeros); dprintf(fd, \"%s fault checks=0 failures=0 x\\n\", zeros); }",
                "  _exit(0); }"));
@native_ends@
    }
}
