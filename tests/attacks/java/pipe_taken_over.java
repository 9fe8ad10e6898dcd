// technique: native code reads the questions and answers each with the same number, past the dispatcher
// class: forging
// expect: wrong_answer
// limits: cpu_s=20 wall_s=60
@native_begins@
                "  unsigned char head[4], question[65536], answer[22] = {18, 0, 0, 0, 'V'};",
                "  for (unsigned number = 1;; number++) {",
                "    answer[5] = number; memset(answer + 6, 0, 16); answer[9] = 'i'; answer[10] = 0;",
                "    if (write(4, answer, 22) != 22 || read(3, head, 4) != 4) _exit(0);",
                "    read(3, question, head[0] | head[1] << 8); } }"));
@native_ends@
    }
}
