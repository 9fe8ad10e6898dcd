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
@loop@
        return turns;
    }
}
