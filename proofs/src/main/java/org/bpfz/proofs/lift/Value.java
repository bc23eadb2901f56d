package org.bpfz.proofs.lift;

import java.lang.constant.DirectMethodHandleDesc;
import java.util.List;
import org.bpfz.proofs.term.Term;

/** What a local variable or a place on the operand stack holds while Java code is lifted. */
public sealed interface Value {
    /** An int (and boolean, byte, short, char), 32 bits, or a long, 64 bits. */
    record Word(Term term) implements Value {}

    /** A record or other object made by the lifted code, or an input; its fields are in the {@link Heap}. */
    final class Cell implements Value {
        private final Class<?> type;

        Cell(Class<?> type) {
            this.type = type;
        }

        /** What it is an instance of. */
        public Class<?> type() {
            return type;
        }

        @Override
        public String toString() {
            return "a " + type.getSimpleName();
        }
    }

    /** An object that is there whatever the inputs: an enum constant, a static final field's. */
    record Constant(Object object) implements Value {}

    /** One of an enum's constants, by its ordinal (32 bits). */
    record EnumChoice(Class<?> type, Term ordinal) implements Value {}

    /** A lambda or method reference with what it has captured. */
    record Function(DirectMethodHandleDesc code, List<Value> captured) implements Value {}

    /** The null reference. */
    record Null() implements Value {}

    /** A value that does not matter: an exception's message. */
    record Opaque() implements Value {}

    /** A variable that holds different kinds of things on the paths that meet here: no path may read it before writing it. */
    record Dead() implements Value {}
}
