package org.bpfz.loader.core;

import java.util.Optional;
import org.bpfz.loader.core.CoreSpec.Access;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.Composite;
import org.bpfz.spec.btf.BtfType.Enumeration;
import org.bpfz.spec.btf.BtfType.Int;
import org.bpfz.spec.btf.BtfType.IntEncoding;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.CoreRelocation;

/**
 * The number that a relocation asks for, read off a path (bpf_core_calc_field_relo and its sisters).
 *
 * @param value     the number
 * @param validated whether the compiler must have written the number that the object's own types give
 * @param fieldSize bytes of a field whose offset this is, 0 otherwise; a load of it changes its width with the field
 * @param fieldType the field's type in the path's types, 0 where there is no field size
 */
record CoreAnswer(long value, boolean validated, int fieldSize, int fieldType) {
    private static final int MAX_LOAD = 8;

    private static CoreAnswer plain(long value) {
        return new CoreAnswer(value, true, 0, 0);
    }

    /**
     * The answer where the target has nothing that fits: existence is denied; a missing type has size and id 0; for everything else there
     * is none, and the instruction must never run.
     */
    static Optional<CoreAnswer> ofMissing(CoreRelocation.Kind kind) {
        return switch (kind) {
            case FIELD_EXISTS, ENUMVAL_EXISTS, TYPE_EXISTS, TYPE_SIZE, TYPE_MATCHES -> Optional.of(plain(0));
            case TYPE_ID_TARGET, TYPE_ID_LOCAL -> Optional.of(new CoreAnswer(0, false, 0, 0));
            case FIELD_BYTE_OFFSET, FIELD_BYTE_SIZE, FIELD_SIGNED, FIELD_LSHIFT_U64, FIELD_RSHIFT_U64, ENUMVAL_VALUE ->
                Optional.empty();
        };
    }

    /** The answer for a path. */
    static CoreAnswer of(CoreSpec spec) throws CoreException {
        return switch (spec.kind()) {
            case FIELD_EXISTS, TYPE_EXISTS, TYPE_MATCHES, ENUMVAL_EXISTS -> plain(1);
            case TYPE_ID_LOCAL, TYPE_ID_TARGET -> new CoreAnswer(spec.rootType(), false, 0, 0);
            case TYPE_SIZE -> plain(CoreSpec.size(spec.btf(), spec.btf().skipModifiers(spec.rootType())));
            case ENUMVAL_VALUE -> plain(enumerator(spec));
            case FIELD_BYTE_OFFSET, FIELD_BYTE_SIZE, FIELD_SIGNED, FIELD_LSHIFT_U64, FIELD_RSHIFT_U64 ->
                spec.last().name() == null ? ofElement(spec) : ofMember(spec);
        };
    }

    /** A value of a 32-bit enumeration is taken as signed, whatever the enumeration is. */
    private static long enumerator(CoreSpec spec) {
        Enumeration enumeration = (Enumeration) spec.btf().type(spec.last().type());
        long value = enumeration.values().get(spec.last().index()).value();
        return enumeration instanceof BtfType.Enum32 ? (int) value : value;
    }

    private static CoreAnswer ofElement(CoreSpec spec) throws CoreException {
        int type = spec.last().type();
        long size = CoreSpec.size(spec.btf(), type);
        return switch (spec.kind()) {
            case FIELD_BYTE_OFFSET -> new CoreAnswer(spec.bitOffset() / 8, true, (int) size, type);
            case FIELD_BYTE_SIZE -> plain(size);
            default -> throw new CoreException("of an element only offset and size can be asked");
        };
    }

    private static CoreAnswer ofMember(CoreSpec spec) throws CoreException {
        Btf btf = spec.btf();
        Access access = spec.last();
        Member member = ((Composite) btf.type(access.type())).members().get(access.index());
        int type = btf.skipModifiers(member.type());
        boolean bitField = member.bitFieldSize() > 0;
        Window window = bitField
                ? Window.ofBitField(spec.bitOffset(), member.bitFieldSize(), CoreSpec.size(btf, type))
                : Window.ofWhole(spec.bitOffset(), CoreSpec.size(btf, type));
        return switch (spec.kind()) {
            case FIELD_BYTE_OFFSET -> bitField
                    ? new CoreAnswer(window.offset, false, 0, 0)
                    : new CoreAnswer(window.offset, true, (int) window.size, type);
            case FIELD_BYTE_SIZE -> new CoreAnswer(window.size, !bitField, 0, 0);
            case FIELD_SIGNED -> plain(isSigned(btf.type(type)) ? 1 : 0);
            case FIELD_LSHIFT_U64 -> new CoreAnswer(64 - (window.firstBit + window.bits - 8 * window.offset),
                    !bitField, 0, 0);
            case FIELD_RSHIFT_U64 -> plain(64 - window.bits);
            default -> throw new IllegalStateException(spec.kind() + " is not about a member");
        };
    }

    private static boolean isSigned(BtfType type) {
        return type instanceof Enumeration enumeration
                ? enumeration.signed()
                : type instanceof Int integer && integer.encoding() == IntEncoding.SIGNED;
    }

    /** The bytes that a load has to fetch for a field, and the field's bits. */
    private record Window(long offset, long size, long firstBit, long bits) {
        static Window ofWhole(long bitOffset, long size) {
            return new Window(bitOffset / 8, size, bitOffset, 8 * size);
        }

        /** The smallest aligned load, at least as wide as the declared type, that holds all bits. */
        static Window ofBitField(long firstBit, long bits, long declaredSize) throws CoreException {
            long size = declaredSize;
            if (size == 0) {
                throw new CoreException("a bit field of a type without a size");
            }
            while (firstBit + bits - 8 * (firstBit / 8 / size * size) > 8 * size) {
                if (size >= MAX_LOAD) {
                    throw new CoreException("the bit field is in no 8 aligned bytes");
                }
                size *= 2;
            }
            return new Window(firstBit / 8 / size * size, size, firstBit, bits);
        }
    }
}
