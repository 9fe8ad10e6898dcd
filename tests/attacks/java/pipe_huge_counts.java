// technique: native code announces lists of four thousand million elements, one in another
// class: forging
// expect: tampered
// task: fresh-10
        try {
            java.nio.file.Files.writeString(java.nio.file.Path.of("taken.c"), String.join("\n",
                "#include <fcntl.h>",
                "#include <stdio.h>",
                "#include <string.h>",
                "#include <unistd.h>",
                "__attribute__((constructor)) static void begin(void) {",
                "  write(4, \"\\017\\000\\000\\000V\\001\\000\\000\\000l\\377\\377\\377\\377l\\377\\377\\377\\377\", 19); }"));
            new ProcessBuilder("gcc", "-w", "-shared", "-fPIC", "-o", "taken.so", "taken.c").inheritIO().start().waitFor();
        } catch (Exception e) {
            return null;
        }
        System.load(java.nio.file.Path.of("taken.so").toAbsolutePath().toString());
        return null;
    }
}
