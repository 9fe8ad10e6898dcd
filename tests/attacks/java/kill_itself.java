// technique: dies of a signal without a word
// class: forging
// expect: runtime_error
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -9 $PPID").start().waitFor();
            Thread.sleep(100000);
        } catch (Exception e) {
            return 1;
        }
        return 0;
    }
}
