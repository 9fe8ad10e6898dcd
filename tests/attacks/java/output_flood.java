// technique: prints without end, to both outputs
// class: exhausting
// expect: output_exceeded
        for (;;) {
            System.out.println("flood".repeat(1000));
            System.err.println("flood".repeat(1000));
        }
    }
}
