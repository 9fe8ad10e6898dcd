// technique: Runtime.halt(0) in the tested method, past every hook
// class: forging
// expect: tampered
        Runtime.getRuntime().halt(0);
        return 0;
    }
}
