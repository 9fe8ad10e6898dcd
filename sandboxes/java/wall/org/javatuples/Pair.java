package org.javatuples;

/** A tuple of two. */
public final class Pair<A, B> extends Tuple {
    private final A first;
    private final B second;

    public Pair(A first, B second) {
        super(first, second);
        this.first = first;
        this.second = second;
    }

    public static <A, B> Pair<A, B> with(A first, B second) {
        return new Pair<>(first, second);
    }

    public A getValue0() {
        return first;
    }

    public B getValue1() {
        return second;
    }

    public <X> Pair<X, B> setAt0(X value) {
        return with(value, second);
    }

    public <X> Pair<A, X> setAt1(X value) {
        return with(first, value);
    }
}
