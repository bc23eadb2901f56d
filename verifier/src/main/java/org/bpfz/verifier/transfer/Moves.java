package org.bpfz.verifier.transfer;

import static org.bpfz.verifier.structure.Opcodes.*;

import org.bpfz.spec.Errno;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.MapType;
import org.bpfz.verifier.domain.Scalar;
import org.bpfz.verifier.search.Search;
import org.bpfz.verifier.state.Kind;
import org.bpfz.verifier.state.Register;
import org.bpfz.verifier.state.Value;

/** Moves: plain, of the low half, sign-extending, and between the address spaces of an arena. */
final class Moves {
    private static final int ADDR_SPACE_CAST = 1;

    private final Search search;

    Moves(Search search) {
        this.search = search;
    }

    void check(RawInstruction insn) {
        boolean wide = classOf(insn) == ALU64;
        if (!hasRegisterSource(insn)) {
            if (insn.src() != 0 || insn.offset() != 0) {
                throw reservedFields();
            }
            Register dst = search.overwrite(insn.dst());
            search.forget(dst);
            dst.set(Value.constant(wide ? insn.imm() : Integer.toUnsignedLong(insn.imm())));
            return;
        }
        boolean cast = wide && insn.offset() == ADDR_SPACE_CAST;
        if (cast) {
            checkCast(insn);
        } else if (insn.imm() != 0 || !isSignBits(insn.offset(), wide)) {
            throw reservedFields();
        }
        Register src = search.read(insn.src());
        Register dst = search.overwrite(insn.dst());
        if (cast) {
            search.forget(dst);
            if (insn.imm() == 1) {
                dst.set(dst.value().withType(Kind.ARENA.plain()));
            }
        } else if (wide) {
            moveWide(insn, src, dst);
        } else {
            moveLow(insn, src, dst);
        }
    }

    private RuntimeException reservedFields() {
        return search.reject(Errno.EINVAL, "BPF_MOV uses reserved fields");
    }

    private static boolean isSignBits(int offset, boolean wide) {
        return offset == 0 || offset == 8 || offset == 16 || (offset == 32 && wide);
    }

    private void checkCast(RawInstruction insn) {
        if (insn.imm() != 1 && insn.imm() != 1 << 16) {
            throw search.reject(Errno.EINVAL, "addr_space_cast insn can only convert between address space 1 and 0");
        }
        boolean arena = search.image().maps().stream().anyMatch(map -> map.type() == MapType.ARENA);
        if (!arena) {
            throw search.reject(Errno.EINVAL,
                    "addr_space_cast insn can only be used in a program that has an associated arena");
        }
    }

    private void moveWide(RawInstruction insn, Register src, Register dst) {
        if (insn.offset() == 0) {
            search.nameForCopy(src);
            dst.copyValue(src);
            dst.markWritten();
        } else if (search.isSecret(src.value())) {
            throw search.reject(Errno.EACCES, "R" + insn.src() + " sign-extension part of pointer");
        } else if (src.value().isScalar()) {
            copyWithLink(src, dst, keepsSign(src.value().number(), insn.offset()));
            dst.set(dst.value().withNumber(dst.value().number().signExtended(insn.offset() / 8)));
        } else {
            search.forget(dst);
        }
    }

    private void moveLow(RawInstruction insn, Register src, Register dst) {
        if (search.isSecret(src.value())) {
            throw search.reject(Errno.EACCES, "R" + insn.src() + " partial copy of pointer");
        }
        if (!src.value().isScalar()) {
            search.forget(dst);
        } else if (insn.offset() == 0) {
            copyWithLink(src, dst, src.value().number().wide().umax() >>> 32 == 0);
        } else {
            copyWithLink(src, dst, keepsSign(src.value().number(), insn.offset()));
            dst.set(dst.value().withNumber(dst.value().number().signExtendedLow(insn.offset() / 8)));
        }
        dst.set(dst.value().withNumber(dst.value().number().zeroExtended().sync()));
    }

    /** Whether a number is not changed by extending the sign from a bit below 64. */
    private static boolean keepsSign(Scalar number, int bits) {
        return Long.compareUnsigned(number.wide().umax(), 1L << (bits - 1)) < 0;
    }

    /** The copy stays linked with the source where it is the same number. */
    private void copyWithLink(Register src, Register dst, boolean same) {
        if (same) {
            search.nameForCopy(src);
        }
        dst.copyValue(src);
        if (!same) {
            dst.set(dst.value().unlinked());
        }
        dst.markWritten();
    }
}
