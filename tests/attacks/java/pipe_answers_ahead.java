// technique: native code answers all calls before they are asked, with the numbers of the next ones
// class: forging
// expect: wrong_answer, tampered
        try {
            java.nio.file.Files.writeString(java.nio.file.Path.of("taken.c"), String.join("\n",
                "#include <fcntl.h>",
                "#include <stdio.h>",
                "#include <string.h>",
                "#include <unistd.h>",
                "__attribute__((constructor)) static void begin(void) {",
                "  unsigned char answer[22] = {18, 0, 0, 0, 'V'};",
                "  for (int number = 1; number < 20; number++) { answer[5] = number; answer[9] = 'i'; write(4, answer, 22); } }"));
            new ProcessBuilder("gcc", "-w", "-shared", "-fPIC", "-o", "taken.so", "taken.c").inheritIO().start().waitFor();
        } catch (Exception e) {
            return 0;
        }
        System.load(java.nio.file.Path.of("taken.so").toAbsolutePath().toString());
        return 0;
    }
}
