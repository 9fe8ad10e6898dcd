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
        int turns = 0, trend = 0;
        for (int i = 1; i < levels.size(); i++) {
            int step = levels.get(i).compareTo(levels.get(i - 1));
            turns += step * trend < 0 ? 1 : 0;
            trend = step == 0 ? trend : step;
        }
        return turns;
    }
}
