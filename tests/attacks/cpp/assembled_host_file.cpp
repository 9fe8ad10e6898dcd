// technique: a file of the host, by .incbin
// class: escaping
// expect: compile_error
    extern const char text[] asm("text");
    puts(text);
    return 0;
}
asm(".data\n.globl text\ntext: .incbin \"@FILE@\"\n.byte 0\n.text");
void last() {}
