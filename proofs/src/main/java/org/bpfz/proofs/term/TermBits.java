package org.bpfz.proofs.term;

import java.util.function.Supplier;
import org.bpfz.spec.semantics.BitVectors;
import org.bpfz.spec.semantics.Bits;

/** The specification's algebra in which a vector is a term, so that its semantics can be reasoned about. */
public final class TermBits implements Bits<Term, Term, Term> {
    private final Terms terms;
    private final Vectors wide;
    private final Vectors low;

    /** Over terms that are made there. */
    public TermBits(Terms terms) {
        this.terms = terms;
        wide = new Vectors(terms, 64);
        low = new Vectors(terms, 32);
    }

    @Override
    public BitVectors<Term, Term> v64() {
        return wide;
    }

    @Override
    public BitVectors<Term, Term> v32() {
        return low;
    }

    @Override
    public Term low(Term a) {
        return terms.extract(a, 0, 32);
    }

    @Override
    public Term zext(Term a) {
        return terms.zeroExtend(a, 64);
    }

    @Override
    public Term sext(Term a) {
        return terms.signExtend(a, 64);
    }

    @Override
    public Term isFalse(Term a) {
        return terms.not(a);
    }

    private record Vectors(Terms terms, int width) implements BitVectors<Term, Term> {
        @Override
        public Term constant(long value) {
            return terms.bv(width, value);
        }

        @Override
        public Term add(Term a, Term b) {
            return terms.add(a, b);
        }

        @Override
        public Term sub(Term a, Term b) {
            return terms.sub(a, b);
        }

        @Override
        public Term mul(Term a, Term b) {
            return terms.binary(Op.MUL, a, b);
        }

        @Override
        public Term udiv(Term a, Term b) {
            return terms.binary(Op.UDIV, a, b);
        }

        @Override
        public Term urem(Term a, Term b) {
            return terms.binary(Op.UREM, a, b);
        }

        @Override
        public Term sdiv(Term a, Term b) {
            return terms.binary(Op.SDIV, a, b);
        }

        @Override
        public Term srem(Term a, Term b) {
            return terms.binary(Op.SREM, a, b);
        }

        @Override
        public Term and(Term a, Term b) {
            return terms.bvAnd(a, b);
        }

        @Override
        public Term or(Term a, Term b) {
            return terms.bvOr(a, b);
        }

        @Override
        public Term xor(Term a, Term b) {
            return terms.bvXor(a, b);
        }

        @Override
        public Term neg(Term a) {
            return terms.neg(a);
        }

        @Override
        public Term shl(Term a, Term b) {
            return terms.binary(Op.SHL, a, b);
        }

        @Override
        public Term lshr(Term a, Term b) {
            return terms.binary(Op.LSHR, a, b);
        }

        @Override
        public Term ashr(Term a, Term b) {
            return terms.binary(Op.ASHR, a, b);
        }

        @Override
        public Term zext(Term a, int bits) {
            return terms.zeroExtend(terms.extract(a, 0, bits), width);
        }

        @Override
        public Term sext(Term a, int bits) {
            return terms.signExtend(terms.extract(a, 0, bits), width);
        }

        @Override
        public Term eq(Term a, Term b) {
            return terms.eq(a, b);
        }

        @Override
        public Term ult(Term a, Term b) {
            return terms.ult(a, b);
        }

        @Override
        public Term slt(Term a, Term b) {
            return terms.slt(a, b);
        }

        @Override
        public Term ite(Term condition, Supplier<Term> then, Supplier<Term> otherwise) {
            return terms.ite(condition, then.get(), otherwise.get());
        }
    }
}
