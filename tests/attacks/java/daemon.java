// technique: a daemon in a session of its own that holds stdout open and ignores signals
// class: exhausting
// expect: wrong_answer
// limits: wall_s=3
        try {
            new ProcessBuilder("/bin/sh", "-c", "setsid -f /bin/sh -c 'trap \"\" TERM HUP INT; while :; do sleep 1000; done'").inheritIO().start().waitFor();
        } catch (Exception e) {
            return 1;
        }
        return 0;
    }
}
