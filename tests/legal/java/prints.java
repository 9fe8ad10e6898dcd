// why: prints to both outputs, also a line that looks like a report
        System.out.println("turns");
        System.err.println("0".repeat(32) + " done checks=0 failures=0");
@loop@
        return turns;
    }
}
