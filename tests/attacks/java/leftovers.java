// technique: looks for what other programs left, everywhere below the root
// class: escaping
// expect: wrong_answer
        for (String root : new String[] {"/tmp", "/var/tmp", "/dev/shm", "/scratch", "/run", "..", "/home", "/root", "/opt"}) {
            try (var found = java.nio.file.Files.walk(java.nio.file.Path.of(root), 3)) {
                for (var path : (Iterable<java.nio.file.Path>) found.limit(5000)::iterator) {
                    if (path.toString().contains("canary")) {
                        System.out.println(java.nio.file.Files.readString(path));
                    }
                }
            } catch (Exception closed) {
                continue;
            }
        }
        return 0;
    }
}
