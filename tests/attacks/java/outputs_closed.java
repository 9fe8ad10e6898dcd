// technique: closes stdin, stdout and stderr, so that nothing can be said
// class: forging
// expect: wrong_answer
        try {
            System.in.close();
            new java.io.FileOutputStream(java.io.FileDescriptor.out).close();
            new java.io.FileOutputStream(java.io.FileDescriptor.err).close();
        } catch (java.io.IOException e) {
            return 1;
        }
        return 0;
    }
}
