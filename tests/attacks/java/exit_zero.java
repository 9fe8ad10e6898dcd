// technique: System.exit(0) in the tested method
// class: forging
// expect: tampered
        System.exit(0);
        return 0;
    }
}
