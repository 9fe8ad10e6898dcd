// technique: kills and stops every process it can name: agent, compiler, first process
// class: escaping
// expect: wrong_answer, runtime_error
        try {
            new ProcessBuilder("/bin/sh", "-c", "for p in /proc/[0-9]*; do p=${p#/proc/}; [ $p = $PPID ] || [ $p = $$ ] || kill -9 $p; done").start().waitFor();
        } catch (Exception e) {
            return 1;
        }
        return 0;
    }
}
