// technique: an exception whose message exits with status 0 when the harness asks for it
// class: forging
// expect: tampered
        throw new RuntimeException() {
            public String getMessage() {
                Runtime.getRuntime().halt(0);
                return "";
            }
        };
    }
}
