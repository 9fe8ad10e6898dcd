// why: makes a file and a folder wherever temporary ones belong
        try {
            java.io.File old = java.io.File.createTempFile("levels", ".txt");
            java.nio.file.Path folder = java.nio.file.Files.createTempDirectory("x"), file = folder.resolve("levels.txt");
            java.nio.file.Files.writeString(file, "" + levels.size());
            if (!old.delete() || !java.nio.file.Files.readString(file).equals("" + levels.size())) {
                return -1;
            }
            java.nio.file.Files.delete(file);
            java.nio.file.Files.delete(folder);
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
