// technique: locks and watches on files that all jails share: a way to stop another jail, and to signal to it
// class: escaping
// expect: wrong_answer
        try (var shared = java.nio.channels.FileChannel.open(java.nio.file.Path.of("/usr/bin/env"))) {
            if (shared.tryLock(0, 1, true) != null) System.exit(3);
        } catch (java.io.IOException | RuntimeException refused) {
            // as it has to be
        }
        try {
            java.nio.file.Path.of("/usr/bin").register(java.nio.file.FileSystems.getDefault().newWatchService(), java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY);
            System.exit(3);
        } catch (java.io.IOException | RuntimeException refused) {
            // as it has to be
        }
        return 0;
    }
}
