// technique: throws the error of a failed check with a stack trace of the tests
// class: forging
// expect: wrong_answer, runtime_error
        AssertionError error = new AssertionError("done");
        error.setStackTrace(new StackTraceElement[] {new StackTraceElement("Main", "main", "Main.java", 1)});
        throw error;
    }
}
