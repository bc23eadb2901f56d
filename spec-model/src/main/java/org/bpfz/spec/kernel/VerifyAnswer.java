package org.bpfz.spec.kernel;

/**
 * What verification says of some data (clauses HOOK-3 to HOOK-5).
 *
 * @param kind  what follows for the write
 * @param bytes the size after compression if the kind is {@link Kind#SIZE}, otherwise 0
 */
public record VerifyAnswer(Kind kind, long bytes) {
    /** What follows for the write. */
    public enum Kind {
        /** It proceeds and the sums stay as they are. */
        NOT_COUNTED,
        /** It fails with EINVAL. */
        REFUSED,
        /** It proceeds and both sums grow by the bytes written. */
        INCOMPRESSIBLE,
        /** It proceeds and the second sum grows by the size that verify returned. */
        SIZE
    }

    static final VerifyAnswer NOT_COUNTED = new VerifyAnswer(Kind.NOT_COUNTED, 0);
    static final VerifyAnswer REFUSED = new VerifyAnswer(Kind.REFUSED, 0);
    static final VerifyAnswer INCOMPRESSIBLE = new VerifyAnswer(Kind.INCOMPRESSIBLE, 0);

    /** The meaning of a verify program's result. */
    static VerifyAnswer of(int result) {
        return result < 0 ? REFUSED : new VerifyAnswer(Kind.SIZE, result);
    }

    /** The answer for this data and for more data with an answer of the same program, neither refused. */
    VerifyAnswer and(VerifyAnswer more) {
        return more.kind == Kind.SIZE ? new VerifyAnswer(Kind.SIZE, bytes + more.bytes) : more;
    }

    boolean refuses() {
        return kind == Kind.REFUSED;
    }

    /** What the sums become when so many bytes have been written. */
    Sums count(Sums sums, long written) {
        return switch (kind) {
            case NOT_COUNTED, REFUSED -> sums;
            case INCOMPRESSIBLE -> sums.plus(written, written);
            case SIZE -> sums.plus(written, bytes);
        };
    }
}
