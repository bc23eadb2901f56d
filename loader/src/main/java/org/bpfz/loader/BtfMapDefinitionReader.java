package org.bpfz.loader;

import java.util.List;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.loader.elf.ElfSection;
import org.bpfz.loader.elf.MalformedElf;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.Array;
import org.bpfz.spec.btf.BtfType.Enumeration;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.BtfType.Ptr;
import org.bpfz.spec.btf.BtfType.Struct;
import org.bpfz.spec.btf.MalformedBtf;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/**
 * Reads the members of a map's struct (parse_btf_map_def in tools/lib/bpf/libbpf.c). A number is written as the length of an array
 * that a pointer points to, {@code int (*max_entries)[64]}, a type as a pointer to it, {@code struct key *key}.
 */
final class BtfMapDefinitionReader {
    private static final int VALUE_OF_INNER = 4;

    private final ElfFile file;
    private final ElfSection section;
    private final Btf btf;

    BtfMapDefinitionReader(ElfFile file, ElfSection section, Btf btf) {
        this.file = file;
        this.section = section;
        this.btf = btf;
    }

    BtfMapDefinition read(String name, Struct struct) {
        return new Fields(name, false).read(struct);
    }

    /** The fields of one map as far as they have been read. */
    private final class Fields {
        private final String name;
        private final boolean isInner;
        private MapType type = MapType.UNSPEC;
        private int keySize;
        private int valueSize;
        private int maxEntries;
        private int flags;
        private long mapExtra;
        private int numaNode;
        private boolean pinnedByName;
        private int keyType;
        private int valueType;
        private @Nullable BtfMapDefinition inner;

        Fields(String name, boolean isInner) {
            this.name = name;
            this.isInner = isInner;
        }

        BtfMapDefinition read(Struct struct) {
            List<Member> members = struct.members();
            for (int i = 0; i < members.size(); i++) {
                readField(members.get(i), i == members.size() - 1);
            }
            if (type == MapType.UNSPEC) {
                throw malformed("has no type");
            }
            return new BtfMapDefinition(name, type, keySize, valueSize, maxEntries, flags, mapExtra, numaNode,
                    pinnedByName, keyType, valueType, inner);
        }

        private void readField(Member member, boolean last) {
            switch (member.name()) {
                case "type" -> type = mapType(number(member));
                case "max_entries" -> maxEntries = number(member);
                case "map_flags" -> flags = number(member);
                case "numa_node" -> numaNode = number(member);
                case "map_extra" -> mapExtra = longNumber(member);
                case "key_size" -> keySize = same("key size", keySize, number(member));
                case "value_size" -> valueSize = same("value size", valueSize, number(member));
                case "key" -> {
                    keyType = pointee(member);
                    keySize = same("key size", keySize, size(keyType));
                }
                case "value" -> {
                    valueType = pointee(member);
                    valueSize = same("value size", valueSize, size(valueType));
                }
                case "values" -> readValues(member, last);
                case "pinning" -> readPinning(member);
                default -> throw new UnsupportedObject(file.name(),
                        "map '" + name + "' has an unknown field '" + member.name() + "'");
            }
        }

        private MapType mapType(int number) {
            MapType known = MapType.of(number);
            if (known == null) {
                throw malformed("is of unknown type " + Integer.toUnsignedString(number));
            }
            return known;
        }

        private int same(String what, int before, int now) {
            if (before != 0 && before != now) {
                throw malformed("has two " + what + "s, " + Integer.toUnsignedString(before) + " and "
                        + Integer.toUnsignedString(now));
            }
            return now;
        }

        private int number(Member member) {
            if (!(btf.resolved(member.type()) instanceof Ptr pointer)
                    || !(btf.type(pointer.target()) instanceof Array array)) {
                throw malformed("field '" + member.name() + "' is no number, that is, no pointer to an array");
            }
            return (int) array.count();
        }

        private long longNumber(Member member) {
            if (btf.resolved(member.type()) instanceof Enumeration enumeration) {
                if (enumeration.values().size() != 1) {
                    throw malformed("field '" + member.name() + "' is no number, that is, no enum of one value");
                }
                return enumeration.values().getFirst().value();
            }
            return Integer.toUnsignedLong(number(member));
        }

        private int pointee(Member member) {
            if (!(btf.type(member.type()) instanceof Ptr pointer)) {
                throw malformed("field '" + member.name() + "' is no pointer to a type");
            }
            return pointer.target();
        }

        private int size(int typeId) {
            try {
                return (int) btf.sizeOf(typeId);
            } catch (MalformedBtf e) {
                throw malformed("has a key or value of unknown size: " + e.reason());
            }
        }

        private void readPinning(Member member) {
            int pinning = number(member);
            if (isInner || pinning < 0 || pinning > 1) {
                throw malformed("can not be pinned in way " + Integer.toUnsignedString(pinning));
            }
            pinnedByName = pinning == 1;
        }

        /** What the elements of a map of maps or a prog array are: {@code struct inner *values[]}. */
        private void readValues(Member member, boolean last) {
            boolean ofMaps = type == MapType.ARRAY_OF_MAPS || type == MapType.HASH_OF_MAPS;
            if (isInner || !last || (!ofMaps && type != MapType.PROG_ARRAY)) {
                throw malformed("can not have a field 'values' here");
            }
            valueSize = same("value size", valueSize, VALUE_OF_INNER);
            boolean pointers = btf.type(member.type()) instanceof Array array && array.count() == 0
                    && btf.pointee(array.element()).isPresent();
            if (!pointers) {
                throw malformed("field 'values' is no array of pointers without a length");
            }
            int element = ((Array) btf.type(member.type())).element();
            BtfType target = btf.resolved(btf.pointee(element).getAsInt());
            if (ofMaps && target instanceof Struct struct) {
                inner = new Fields(name + ".inner", true).read(struct);
            } else if (ofMaps || !(target instanceof BtfType.FuncProto)) {
                throw malformed("field 'values' has elements of the wrong type");
            }
        }

        private MalformedElf malformed(String reason) {
            return file.malformed(section.offset(), "map '" + name + "' " + reason);
        }
    }
}
