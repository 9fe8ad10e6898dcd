// technique: exit with status 0 while the class is initialised
// class: forging
// expect: tampered
        return 0;
    }
    static {
        System.exit(0);
    }
}
