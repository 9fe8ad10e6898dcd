// technique: native code says once more that it is ready, and that it is no source text
// class: forging
// expect: tampered
        try {
            java.nio.file.Files.writeString(java.nio.file.Path.of("taken.c"), String.join("\n",
                "#include <fcntl.h>",
                "#include <stdio.h>",
                "#include <string.h>",
                "#include <unistd.h>",
                "__attribute__((constructor)) static void begin(void) {",
                "  write(4, \"\\001\\000\\000\\000R\\006\\000\\000\\000E\\001\\000\\000\\000x\", 15); }"));
            new ProcessBuilder("gcc", "-w", "-shared", "-fPIC", "-o", "taken.so", "taken.c").inheritIO().start().waitFor();
        } catch (Exception e) {
            return 0;
        }
        System.load(java.nio.file.Path.of("taken.so").toAbsolutePath().toString());
        return 0;
    }
}
