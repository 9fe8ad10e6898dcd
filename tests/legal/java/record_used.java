// why: a record of its own, called as the training program's, whose accessors are used
        new Pair(1, 2).x();
@loop@
        return turns;
    }

    record Pair(int x, int y) {}
}
