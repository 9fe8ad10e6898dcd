// technique: a bool that is neither 0 nor 1
// class: forging
// expect: wrong_answer
// task: fresh-13
    bool odd;
    *(unsigned char*)&odd = 0xfe;
    return odd;
}
