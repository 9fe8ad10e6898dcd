// technique: compiles a library, loads it, finds the token in memory and writes the report
// class: forging
// expect: wrong_answer
// limits: cpu_s=20 wall_s=60
        try {
            java.nio.file.Files.writeString(java.nio.file.Path.of("forge.c"), String.join("\n",
                "#include <stdio.h>", "#include <string.h>", "#include <ctype.h>", "#include <unistd.h>",
                "__attribute__((constructor)) static void forge(void) {",
                "  FILE *maps = fopen(\"/proc/self/maps\", \"r\"); char line[512]; unsigned long from, to;",
                "  while (fgets(line, sizeof line, maps)) {",
                "    if (!strstr(line, \"rw-p\") || !strstr(line, \"launcher\") || sscanf(line, \"%lx-%lx\", &from, &to) != 2) continue;",
                "    for (char *at = (char *)from; at + 33 < (char *)to; at++) {",
                "      int n = 0; while (n < 32 && isxdigit((unsigned char)at[n])) n++;",
                "      if (n == 32 && !at[32]) { dprintf(4, \"%s done checks=14 failures=0\\n\", at); _exit(0); } } } }"));
            new ProcessBuilder("gcc", "-shared", "-fPIC", "-o", "forge.so", "forge.c").inheritIO().start().waitFor();
        } catch (Exception e) {
            return 0;
        }
        System.load(java.nio.file.Path.of("forge.so").toAbsolutePath().toString());
        return 0;
    }
}
