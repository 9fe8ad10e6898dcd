package org.javatuples;

import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;

/**
 * Stands in for the library of this name, which MultiPL-E's Java programs import: what programs do with its tuples. They
 * are equal by class and elements. Not covered: tuples of other sizes than two and three, adding and removing elements.
 */
public abstract class Tuple implements Iterable<Object>, Comparable<Tuple> {
    private final List<Object> elements;

    Tuple(Object... elements) {
        this.elements = Collections.unmodifiableList(Arrays.asList(elements));
    }

    public final int getSize() {
        return elements.size();
    }

    public final Object getValue(int place) {
        return elements.get(place);
    }

    public final List<Object> toList() {
        return elements;
    }

    public final Object[] toArray() {
        return elements.toArray();
    }

    public final boolean contains(Object value) {
        return elements.contains(value);
    }

    public final int indexOf(Object value) {
        return elements.indexOf(value);
    }

    @Override
    public final Iterator<Object> iterator() {
        return elements.iterator();
    }

    @Override
    public final boolean equals(Object other) {
        return other != null && getClass() == other.getClass() && elements.equals(((Tuple) other).elements);
    }

    @Override
    public final int hashCode() {
        return 31 + elements.hashCode();
    }

    @Override
    public final String toString() {
        return elements.toString();
    }

    @Override
    @SuppressWarnings("unchecked")
    public final int compareTo(Tuple other) {
        for (int i = 0; i < Math.min(getSize(), other.getSize()); i++) {
            int order = ((Comparable<Object>) getValue(i)).compareTo(other.getValue(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(getSize(), other.getSize());
    }
}
