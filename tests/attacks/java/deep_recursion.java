// technique: overflows the stack and swallows it in every frame
// class: forging
// expect: wrong_answer, runtime_error, timed_out
        return deep();
    }
    static int deep() {
        try {
            return deep() + 1;
        } catch (StackOverflowError e) {
            return 0;
        }
    }
}
