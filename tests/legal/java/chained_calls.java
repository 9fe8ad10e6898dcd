// why: 400 calls in one expression, deeper than a thread's usual stack lets javac go
        new StringBuilder()
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1)
            .append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1).append(1);
@loop@
        return turns;
    }
}
