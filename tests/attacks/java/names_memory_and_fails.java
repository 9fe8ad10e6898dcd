// technique: prints the name of the error, then exits with the status that it would have
// class: exhausting
// expect: runtime_error
        System.err.println("caught java.lang.OutOfMemoryError once");
        System.exit(1);
        return 0;
    }
}
