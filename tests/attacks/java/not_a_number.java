// technique: NaN, of which every comparison is false
// class: forging
// expect: wrong_answer
// task: fresh-4
        return Double.longBitsToDouble(0x7ff8dead0000beefL);
    }
}
