// technique: ten thousand folders in one another
// class: exhausting
// expect: wrong_answer, timed_out, runtime_error
// limits: cpu_s=2 wall_s=6
        try {
            new ProcessBuilder("/bin/sh", "-c", "i=0; while [ $i -lt 10000 ]; do mkdir d && cd -P d || exit; i=$((i+1)); done").start().waitFor();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return 0;
    }
}
