// technique: leaves symbolic links to the host's folders, a FIFO and an unreadable folder for the agent to clear
// class: escaping
// expect: wrong_answer
        try {
            for (String target : new String[] {"/usr", "/", "/proc", "@FILE@"}) {
                java.nio.file.Files.createSymbolicLink(java.nio.file.Path.of("link" + target.hashCode()), java.nio.file.Path.of(target));
            }
            new ProcessBuilder("/bin/sh", "-c", "mkfifo fifo; mkdir -p closed/in; chmod 0 closed/in closed; chmod 0 .").start().waitFor();
        } catch (Exception e) {
            return 1;
        }
        return 0;
    }
}
