package org.bpfz.proofs.term;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A bit vector of 1 to 64 bits, or a truth value. Made by {@link Terms}, which sees to it that equal terms are one object.
 */
public final class Term {
    private final Op op;
    private final int width;
    private final List<Term> args;
    private final long value;
    private final String name;
    private final int hash;
    private final int number;

    Term(Op op, int width, List<Term> args, long value, String name, int number) {
        this.number = number;
        this.op = op;
        this.width = width;
        this.args = args;
        this.value = value;
        this.name = name;
        int h = op.hashCode() * 31 + width;
        for (Term arg : args) {
            h = h * 31 + System.identityHashCode(arg);
        }
        hash = (h * 31 + Long.hashCode(value)) * 31 + name.hashCode();
    }

    /** What made it. */
    public Op op() {
        return op;
    }

    /** How many bits: 1 to 64, or 0 for a truth value. */
    public int width() {
        return width;
    }

    /** Whether it is a truth value. */
    public boolean isBool() {
        return width == 0;
    }

    /** What it is made of, in order; empty for leaves. */
    public List<Term> args() {
        return args;
    }

    /** The n-th argument. */
    public Term arg(int n) {
        return args.get(n);
    }

    /** A constant's bits, zero above its width (1 for true); the lowest bit that EXTRACT takes. */
    public long value() {
        return value;
    }

    /** A variable's name; empty otherwise. */
    public String name() {
        return name;
    }

    /** The variables in it. */
    public Set<Term> variables() {
        Set<Term> seen = new HashSet<>();
        Set<Term> variables = new LinkedHashSet<>();
        Deque<Term> open = new ArrayDeque<>();
        open.push(this);
        while (!open.isEmpty()) {
            Term term = open.pop();
            if (seen.add(term)) {
                term.args.forEach(open::push);
                if (term.op == Op.VARIABLE) {
                    variables.add(term);
                }
            }
        }
        return variables;
    }

    /** Whether it is known. */
    public boolean isConstant() {
        return op == Op.CONSTANT;
    }

    /** Whether it is true beyond doubt. */
    public boolean isTrue() {
        return isBool() && isConstant() && value == 1;
    }

    /** Whether it is false beyond doubt. */
    public boolean isFalse() {
        return isBool() && isConstant() && value == 0;
    }

    /** When it was made among the terms of its maker: what commutes is put in this order. */
    public int number() {
        return number;
    }

    /** Same operation, same arguments (which are one object where they are equal). */
    boolean sameAs(Term other) {
        if (op != other.op || width != other.width || value != other.value || !name.equals(other.name)
                || args.size() != other.args.size()) {
            return false;
        }
        for (int i = 0; i < args.size(); i++) {
            if (args.get(i) != other.args.get(i)) {
                return false;
            }
        }
        return true;
    }

    int structuralHash() {
        return hash;
    }

    @Override
    public String toString() {
        return switch (op) {
            case CONSTANT -> isBool() ? Boolean.toString(value == 1) : "0x" + Long.toHexString(value) + ":" + width;
            case VARIABLE -> name;
            default -> op + "(" + args.size() + " args)";
        };
    }
}
