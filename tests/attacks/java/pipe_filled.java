// technique: native code fills the pipe of the answers without end
// class: exhausting
// expect: tampered, timed_out, output_exceeded
// limits: wall_s=3
        try {
            java.nio.file.Files.writeString(java.nio.file.Path.of("taken.c"), String.join("\n",
                "#include <fcntl.h>",
                "#include <stdio.h>",
                "#include <string.h>",
                "#include <unistd.h>",
                "__attribute__((constructor)) static void begin(void) {",
                "  static char block[65536]; memset(block, 1, sizeof block); block[3] = 0;",
                "  for (;;) if (write(4, block, sizeof block) < 0) _exit(0); }"));
            new ProcessBuilder("gcc", "-w", "-shared", "-fPIC", "-o", "taken.so", "taken.c").inheritIO().start().waitFor();
        } catch (Exception e) {
            return 0;
        }
        System.load(java.nio.file.Path.of("taken.so").toAbsolutePath().toString());
        return 0;
    }
}
