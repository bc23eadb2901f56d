package org.bpfz.proofs.term;

/** What a term is made by; the meaning of the bit-vector operations is that of SMT-LIB's theory of the same name. */
public enum Op {
    /** A bit vector or truth value that is known. */
    CONSTANT(""),
    /** A free bit vector or truth value. */
    VARIABLE(""),
    NOT("not"),
    AND("and"),
    OR("or"),
    EQ("="),
    ITE("ite"),
    ADD("bvadd"),
    SUB("bvsub"),
    MUL("bvmul"),
    UDIV("bvudiv"),
    UREM("bvurem"),
    SDIV("bvsdiv"),
    SREM("bvsrem"),
    BVAND("bvand"),
    BVOR("bvor"),
    BVXOR("bvxor"),
    SHL("bvshl"),
    LSHR("bvlshr"),
    ASHR("bvashr"),
    ULT("bvult"),
    SLT("bvslt"),
    CONCAT("concat"),
    /** The bits from {@code value} on, as many as the term is wide. */
    EXTRACT("extract"),
    SIGN_EXTEND("sign_extend");

    private final String smtName;

    Op(String smtName) {
        this.smtName = smtName;
    }

    /** The function's name in SMT-LIB; empty for leaves. */
    public String smtName() {
        return smtName;
    }
}
