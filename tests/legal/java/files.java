// why: writes a file in its folder and reads it again
        try {
            java.nio.file.Path file = java.nio.file.Files.writeString(java.nio.file.Path.of("levels.txt"), levels.toString());
            levels = new ArrayList<>();
            for (String one : java.nio.file.Files.readString(file).replaceAll("[\\[\\] ]", "").split(",")) {
                if (!one.isEmpty()) {
                    levels.add(Integer.parseInt(one));
                }
            }
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
@loop@
        return turns;
    }
}
