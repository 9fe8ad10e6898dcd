// technique: starts a harmless program and ends with its status
// class: forging
// expect: tampered
        try {
            Runtime.getRuntime().halt(new ProcessBuilder("/bin/true").inheritIO().start().waitFor());
        } catch (Exception e) {
            return 1;
        }
        return 0;
    }
}
