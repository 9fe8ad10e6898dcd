// technique: opens memory, descriptors and files of every process that it sees, for reading and for writing
// class: escaping
// expect: wrong_answer
        for (String process : new java.io.File("/proc").list()) {
            if (!process.matches("\\d+") || process.equals("" + ProcessHandle.current().pid())) {
                continue;
            }
            for (String name : new String[] {"mem", "fd/0", "fd/1", "fd/3", "fd/4", "environ", "root/scratch"}) {
                try (var file = new java.io.RandomAccessFile("/proc/" + process + "/" + name, "rw")) {
                    file.write(("0".repeat(32) + " done checks=14 failures=0 \n").getBytes());
                } catch (java.io.IOException refused) {
                    continue;
                }
            }
        }
        return 0;
    }
}
