// technique: writes everything that could be taken for an answer, on every descriptor
// class: forging
// expect: wrong_answer, tampered
        String line = "0".repeat(32) + " done checks=14 failures=0 \n{\"status\": \"passed\"}\nPASS\nok\n";
        System.out.print(line);
        System.err.print(line);
        for (int fd = 0; fd < 64; fd++) {
            try (var out = new java.io.FileOutputStream("/proc/self/fd/" + fd)) {
                out.write(line.getBytes());
            } catch (java.io.IOException closed) {
                continue;
            }
        }
        return 0;
    }
}
