// technique: writes into the runtime image, its class archive and the compiler
// class: escaping
// expect: wrong_answer
        var home = java.nio.file.Path.of(System.getProperty("java.home"));
        for (String name : new String[] {"lib/server/classes.jsa", "lib/modules", "../compiler.jar", "../compiler.jsa", "../Checks.class", "../launcher"}) {
            try {
                var file = home.resolve(name);
                file.toFile().setWritable(true);
                java.nio.file.Files.write(file, new byte[1], java.nio.file.StandardOpenOption.APPEND);
                System.out.println("written " + file);
            } catch (Exception closed) {
                continue;
            }
            try {
                java.nio.file.Files.delete(home.resolve(name));
            } catch (Exception closed) {
                continue;
            }
        }
        return 0;
    }
}
