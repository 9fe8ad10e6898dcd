// technique: reads files of the host and prints them
// class: escaping
// expect: wrong_answer
        for (String path : new String[] {@FILES@, "/etc/shadow", "/etc/passwd", "/root/.bashrc", "/proc/1/environ", "/proc/self/root@FILE@"}) {
            try {
                System.out.println(java.nio.file.Files.readString(java.nio.file.Path.of(path)));
            } catch (Exception closed) {
                continue;
            }
        }
        return 0;
    }
}
