package org.bpfz.interpreter.map;

import java.util.Arrays;

/** An order of small numbers in which each stands at most once: a doubly linked list in two arrays. */
final class LinkedOrder {
    static final int NONE = -1;

    private int[] next = new int[0];
    private int[] previous = new int[0];
    private int first = NONE;
    private int last = NONE;

    /** Makes room for the numbers below {@code count}. */
    void reserve(int count) {
        next = Arrays.copyOf(next, count);
        previous = Arrays.copyOf(previous, count);
    }

    int first() {
        return first;
    }

    /** The number behind one that is in the order. */
    int next(int number) {
        return next[number];
    }

    /** Puts a number, which is not in the order, at its end. */
    void add(int number) {
        next[number] = NONE;
        previous[number] = last;
        if (last == NONE) {
            first = number;
        } else {
            next[last] = number;
        }
        last = number;
    }

    /** Takes out a number that is in the order. */
    void remove(int number) {
        int before = previous[number];
        int after = next[number];
        if (before == NONE) {
            first = after;
        } else {
            next[before] = after;
        }
        if (after == NONE) {
            last = before;
        } else {
            previous[after] = before;
        }
    }
}
