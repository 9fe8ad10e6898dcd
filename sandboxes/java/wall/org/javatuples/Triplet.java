package org.javatuples;

/** A tuple of three. */
public final class Triplet<A, B, C> extends Tuple {
    private final A first;
    private final B second;
    private final C third;

    public Triplet(A first, B second, C third) {
        super(first, second, third);
        this.first = first;
        this.second = second;
        this.third = third;
    }

    public static <A, B, C> Triplet<A, B, C> with(A first, B second, C third) {
        return new Triplet<>(first, second, third);
    }

    public A getValue0() {
        return first;
    }

    public B getValue1() {
        return second;
    }

    public C getValue2() {
        return third;
    }
}
