// technique: an exception whose cause is always another one
// class: forging
// expect: runtime_error
// limits: cpu_s=3 wall_s=6
        throw new Endless();
    }

    static class Endless extends RuntimeException {
        @Override
        public synchronized Throwable getCause() {
            return new Endless();
        }

        @Override
        public void printStackTrace(java.io.PrintWriter to) {}
    }
}
