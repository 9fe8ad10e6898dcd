// technique: a compile error in a line that names OutOfMemoryError
// class: exhausting
// expect: compile_error
        try { return undefinedName; } catch (OutOfMemoryError e) { return 0; }
    }
}
