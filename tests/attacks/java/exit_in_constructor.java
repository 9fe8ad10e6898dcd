// technique: exit with status 0 in the constructor of the tested class
// class: forging
// expect: tampered
        return 0;
    }
    Solution() {
        Runtime.getRuntime().exit(0);
    }
}
