// technique: native code begins a message, then ends with status 0
// class: forging
// expect: tampered
        try {
            java.nio.file.Files.writeString(java.nio.file.Path.of("taken.c"), String.join("\n",
                "#include <fcntl.h>",
                "#include <stdio.h>",
                "#include <string.h>",
                "#include <unistd.h>",
                "__attribute__((constructor)) static void begin(void) {",
                "  write(4, \"\\144\\000\\000\\000V\\001\", 6); _exit(0); }"));
            new ProcessBuilder("gcc", "-w", "-shared", "-fPIC", "-o", "taken.so", "taken.c").inheritIO().start().waitFor();
        } catch (Exception e) {
            return 0;
        }
        System.load(java.nio.file.Path.of("taken.so").toAbsolutePath().toString());
        return 0;
    }
}
