// technique: native code closes every descriptor and lives on
// class: forging
// expect: timed_out, tampered, runtime_error
// limits: wall_s=2
        try {
            java.nio.file.Files.writeString(java.nio.file.Path.of("taken.c"), String.join("\n",
                "#include <fcntl.h>",
                "#include <stdio.h>",
                "#include <string.h>",
                "#include <unistd.h>",
                "__attribute__((constructor)) static void begin(void) {",
                "  for (int fd = 0; fd < 1024; fd++) close(fd);",
                "  for (;;) pause(); }"));
            new ProcessBuilder("gcc", "-w", "-shared", "-fPIC", "-o", "taken.so", "taken.c").inheritIO().start().waitFor();
        } catch (Exception e) {
            return 0;
        }
        System.load(java.nio.file.Path.of("taken.so").toAbsolutePath().toString());
        return 0;
    }
}
