// technique: native code reads the questions and answers each with the same number, past the dispatcher
// class: forging
// expect: wrong_answer
        try {
            java.nio.file.Files.writeString(java.nio.file.Path.of("taken.c"), String.join("\n",
                "#include <fcntl.h>",
                "#include <stdio.h>",
                "#include <string.h>",
                "#include <unistd.h>",
                "__attribute__((constructor)) static void begin(void) {",
                "  unsigned char head[4], question[65536], answer[22] = {18, 0, 0, 0, 'V'};",
                "  for (unsigned number = 1;; number++) {",
                "    answer[5] = number; memset(answer + 6, 0, 16); answer[9] = 'i'; answer[10] = 0;",
                "    if (write(4, answer, 22) != 22 || read(3, head, 4) != 4) _exit(0);",
                "    read(3, question, head[0] | head[1] << 8); } }"));
            new ProcessBuilder("gcc", "-w", "-shared", "-fPIC", "-o", "taken.so", "taken.c").inheritIO().start().waitFor();
        } catch (Exception e) {
            return 0;
        }
        System.load(java.nio.file.Path.of("taken.so").toAbsolutePath().toString());
        return 0;
    }
}
