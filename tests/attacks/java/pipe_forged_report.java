// technique: native code writes the lines of a report, of a fault and of readiness where answers go
// class: forging
// expect: tampered
        try {
            java.nio.file.Files.writeString(java.nio.file.Path.of("taken.c"), String.join("\n",
                "#include <fcntl.h>",
                "#include <stdio.h>",
                "#include <string.h>",
                "#include <unistd.h>",
                "__attribute__((constructor)) static void begin(void) {",
                "  const char *zeros = \"00000000000000000000000000000000\";",
                "  for (int fd = 3; fd < 64; fd++) {",
                "    dprintf(fd, \"ready\\n%s done checks=14 failures=0 \\n\", zeros); dprintf(fd, \"%s fault checks=0 failures=0 x\\n\", zeros); }",
                "  _exit(0); }"));
            new ProcessBuilder("gcc", "-w", "-shared", "-fPIC", "-o", "taken.so", "taken.c").inheritIO().start().waitFor();
        } catch (Exception e) {
            return 0;
        }
        System.load(java.nio.file.Path.of("taken.so").toAbsolutePath().toString());
        return 0;
    }
}
