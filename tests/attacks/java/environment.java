// technique: prints its own environment and that of every process it can see
// class: escaping
// expect: wrong_answer
        System.getenv().forEach((name, value) -> System.out.println(name + "=" + value));
        for (java.io.File process : new java.io.File("/proc").listFiles()) {
            try {
                System.out.println(java.nio.file.Files.readString(process.toPath().resolve("environ")));
            } catch (Exception closed) {
                continue;
            }
        }
        return 0;
    }
}
