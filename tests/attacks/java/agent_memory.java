// technique: opens the memory of its own process and of those around it
// class: escaping
// expect: wrong_answer
        for (String process : new String[] {"self", "1", "2", "3", "" + ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(1L)}) {
            for (String name : new String[] {"mem", "maps", "environ", "fd/4", "fd/5", "fd/0"}) {
                try (var file = new java.io.RandomAccessFile("/proc/" + process + "/" + name, "rw")) {
                    return 1;
                } catch (java.io.IOException closed) {
                    continue;
                }
            }
        }
        return 0;
    }
}
