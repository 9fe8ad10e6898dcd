// technique: stops itself
// class: exhausting
// expect: timed_out
// limits: wall_s=2
        try {
            new ProcessBuilder("/bin/sh", "-c", "kill -STOP $PPID").start().waitFor();
        } catch (Exception e) {
            return 1;
        }
        return 0;
    }
}
