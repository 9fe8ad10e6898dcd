// technique: native code answers all calls before they are asked, with the numbers of the next ones
// class: forging
// expect: wrong_answer, tampered
// limits: cpu_s=20 wall_s=60
@native_begins@
                "  unsigned char answer[22] = {18, 0, 0, 0, 'V'};",
                "  for (int number = 1; number < 20; number++) { answer[5] = number; answer[9] = 'i'; write(4, answer, 22); } }"));
@native_ends@
    }
}
