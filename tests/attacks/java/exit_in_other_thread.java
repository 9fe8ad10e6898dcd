// technique: another thread exits with status 0 while the tests wait
// class: forging
// expect: tampered
        Thread other = new Thread(() -> System.exit(0));
        other.start();
        while (true) {
            try {
                other.join();
            } catch (InterruptedException e) {
                continue;
            }
        }
    }
}
