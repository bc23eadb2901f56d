package org.bpfz.spec.btf;

import java.util.List;

/**
 * One type of a {@link Btf} (struct btf_type and what follows it; Documentation/bpf/btf.rst, section 2.2): 19 kinds, and the
 * {@link VoidType} that has id 0 without being written.
 *
 * <p>Types name each other by id. Sizes are in bytes and, like counts and bit offsets, unsigned 32-bit numbers in a {@code long}.
 */
public sealed interface BtfType {

    /** The name; empty for an anonymous type and for kinds that have none. */
    default String name() {
        return "";
    }

    /** A type whose record states its size. */
    sealed interface Sized extends BtfType {
        /** Bytes. */
        long size();
    }

    /** A type that stands for another one with something added: {@link Btf#skipModifiers} looks through it. */
    sealed interface Modifier extends BtfType {
        /** The id of the type behind. */
        int target();
    }

    /** A struct or a union. */
    sealed interface Composite extends Sized {
        /** In the order of the declaration. */
        List<Member> members();

        /** Whether the record carries bit-field sizes (kind_flag). */
        boolean bitFields();
    }

    /** An enumeration of either width. */
    sealed interface Enumeration extends Sized {
        /** Whether its values are signed (kind_flag). */
        boolean signed();

        /** In the order of the declaration. */
        List<EnumValue> values();
    }

    /** No type: id 0. */
    record VoidType() implements BtfType {}

    /** How the bits of an integer read (BTF_INT_*): at most one of the flags. */
    enum IntEncoding {
        UNSIGNED, SIGNED, CHAR, BOOL
    }

    /**
     * An integer.
     *
     * @param bitOffset where its value begins in the storage, 0 but for bit-fields of old compilers
     * @param bits      how many bits its value has, 0 to 128
     */
    record Int(String name, long size, IntEncoding encoding, int bitOffset, int bits) implements Sized {
        /** Whether it fills 1, 2, 4, 8 or 16 bytes from the first bit on. */
        public boolean regular() {
            return bitOffset == 0 && (bits == 8 || bits == 16 || bits == 32 || bits == 64 || bits == 128);
        }
    }

    /** A pointer. */
    record Ptr(int target) implements BtfType {}

    /** {@code element[count]}; {@code index} is the type of an index. */
    record Array(int element, int index, long count) implements BtfType {}

    /** A struct. */
    record Struct(String name, long size, boolean bitFields, List<Member> members) implements Composite {
        public Struct {
            members = List.copyOf(members);
        }
    }

    /** A union. */
    record Union(String name, long size, boolean bitFields, List<Member> members) implements Composite {
        public Union {
            members = List.copyOf(members);
        }
    }

    /**
     * A member of a struct or union.
     *
     * @param name         empty for an anonymous struct or union
     * @param bitOffset    from the start of the composite
     * @param bitFieldSize in bits; 0 for a member that is no bit-field
     */
    record Member(String name, int type, long bitOffset, int bitFieldSize) {
        /** The offset in bytes, of a bit-field the one of its first byte. */
        public long byteOffset() {
            return bitOffset / 8;
        }
    }

    /** An enumeration whose values fit 32 bits. */
    record Enum32(String name, long size, boolean signed, List<EnumValue> values) implements Enumeration {
        public Enum32 {
            values = List.copyOf(values);
        }
    }

    /** An enumeration of 64-bit values. */
    record Enum64(String name, long size, boolean signed, List<EnumValue> values) implements Enumeration {
        public Enum64 {
            values = List.copyOf(values);
        }
    }

    /** A name and its value; of an unsigned {@link Enum64} the value is to be read as unsigned. */
    record EnumValue(String name, long value) {}

    /** A struct or union that is declared and not defined. */
    record Fwd(String name, boolean union) implements BtfType {}

    /** {@code typedef target name}. */
    record Typedef(String name, int target) implements Modifier {}

    /** {@code volatile target}. */
    record Volatile(int target) implements Modifier {}

    /** {@code const target}. */
    record Const(int target) implements Modifier {}

    /** {@code restrict target}. */
    record Restrict(int target) implements Modifier {}

    /**
     * {@code __attribute__((btf_type_tag("name"))) target}.
     *
     * @param attribute whether the name is itself the attribute (kind_flag, since Linux 6.14)
     */
    record TypeTag(String name, int target, boolean attribute) implements Modifier {}

    /** A function: its name and the id of its {@link FuncProto}. */
    record Func(String name, int proto, Linkage linkage) implements BtfType {}

    /** A function's type. */
    record FuncProto(int returned, List<Param> params) implements BtfType {
        public FuncProto {
            params = List.copyOf(params);
        }

        /** Whether it ends in {@code ...}: a last parameter without a type. */
        public boolean variadic() {
            return !params.isEmpty() && params.getLast().type() == 0;
        }
    }

    /** A parameter; type 0 in the last place stands for {@code ...}. */
    record Param(String name, int type) {}

    /** A variable outside of functions. */
    record Var(String name, int type, Linkage linkage) implements BtfType {}

    /**
     * A section of an object file that holds variables.
     *
     * @param size 0 as long as nobody has filled it in from the object file
     */
    record DataSec(String name, long size, List<SectionVar> vars) implements Sized {
        public DataSec {
            vars = List.copyOf(vars);
        }
    }

    /**
     * A variable (or an extern function) in its section.
     *
     * @param type id of a {@link Var} or {@link Func}
     */
    record SectionVar(int type, long offset, long size) {}

    /** A floating-point number. */
    record FloatType(String name, long size) implements Sized {}

    /**
     * {@code __attribute__((btf_decl_tag("name")))} on a declaration.
     *
     * @param name      the tag's text
     * @param component index of the member or parameter that is tagged, -1 for the declaration itself
     * @param attribute whether the name is itself the attribute (kind_flag, since Linux 6.14)
     */
    record DeclTag(String name, int target, int component, boolean attribute) implements BtfType {}
}
