// technique: sleeps, and again when it is woken
// class: exhausting
// expect: timed_out
// limits: wall_s=2
        for (;;) {
            try {
                Thread.sleep(1000000);
            } catch (InterruptedException again) {
                continue;
            }
        }
    }
}
