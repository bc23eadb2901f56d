package org.bpfz.loader;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.loader.elf.ElfRelocation;
import org.bpfz.loader.elf.ElfSection;
import org.bpfz.loader.elf.ElfSymbol;
import org.bpfz.loader.elf.MalformedElf;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.DataSec;
import org.bpfz.spec.btf.BtfType.Member;
import org.bpfz.spec.btf.BtfType.SectionVar;
import org.bpfz.spec.btf.BtfType.Struct;
import org.bpfz.spec.btf.Linkage;
import org.bpfz.spec.program.MapType;
import org.jspecify.annotations.Nullable;

/**
 * Reads the maps that are declared as variables of section {@code .maps}, whose types say what the maps are like
 * (bpf_object__init_user_btf_maps and bpf_object__collect_map_relos in tools/lib/bpf/libbpf.c).
 */
final class BtfMaps {
    static final String SECTION = ".maps";

    /** Global variables of address space 1, which live in the object's arena (ARENA_SEC). */
    static final String ARENA_SECTION = ".addr_space.1";

    private static final String VALUES = "values";

    private final ElfFile file;
    private final ElfSection section;
    private final @Nullable Btf btf;

    BtfMaps(ElfFile file, ElfSection section, @Nullable Btf btf) {
        this.file = file;
        this.section = section;
        this.btf = btf;
    }

    List<ObjectMaps.Placed> read() {
        OptionalInt id = btf == null ? OptionalInt.empty() : btf.find(DataSec.class, SECTION);
        if (btf == null || id.isEmpty()) {
            throw malformed("the maps in section '.maps' have no BTF that describes them (clang -g)");
        }
        DataSec types = (DataSec) btf.type(id.getAsInt());
        List<Variable> variables = new ArrayList<>();
        for (SectionVar entry : types.vars()) {
            variables.add(variable(btf, entry));
        }
        if (variables.stream().filter(variable -> variable.type() == MapType.ARENA).count() > 1) {
            throw new UnsupportedObject(file.name(), "more than one map is an arena");
        }
        Map<String, Map<Integer, String>> slots = readSlots(variables);
        List<ObjectMaps.Placed> maps = new ArrayList<>();
        for (Variable variable : variables) {
            Bytes contents = variable.type() == MapType.ARENA ? arenaContents() : Bytes.of();
            MapDefinition definition = variable.definition()
                    .definition(slots.getOrDefault(variable.name(), Map.of()), contents);
            maps.add(new ObjectMaps.Placed(definition, section.index(), variable.offset(), false));
        }
        return maps;
    }

    private Bytes arenaContents() {
        return file.section(ARENA_SECTION).map(file::contents).map(Bytes::of).orElse(Bytes.of());
    }

    /** A map's variable: its place in the section and what its type says. */
    private record Variable(String name, long offset, long size, Struct struct, BtfMapDefinition definition) {
        MapType type() {
            return definition.type();
        }
    }

    private MalformedElf malformed(String reason) {
        return file.malformed(section.offset(), reason);
    }

    private Variable variable(Btf types, SectionVar entry) {
        if (!(types.type(entry.type()) instanceof BtfType.Var variable)) {
            throw malformed("section '.maps' has an entry that is no variable");
        }
        String what = "map '" + variable.name() + "'";
        if (entry.offset() + entry.size() > section.size()) {
            throw malformed(what + " crosses the section's end");
        }
        if (variable.linkage() != Linkage.GLOBAL) {
            throw new UnsupportedObject(file.name(), what + " is static or extern, and libbpf takes global ones only");
        }
        if (!(types.resolved(variable.type()) instanceof Struct struct)) {
            throw malformed(what + " is no struct");
        }
        if (struct.size() > entry.size()) {
            throw malformed(what + " has less room than its type needs");
        }
        BtfMapDefinition definition = new BtfMapDefinitionReader(file, section, types).read(variable.name(), struct);
        return new Variable(variable.name(), entry.offset(), entry.size(), struct, definition);
    }

    /** What the relocations of the section put into the {@code values} of maps of maps and prog arrays. */
    private Map<String, Map<Integer, String>> readSlots(List<Variable> variables) {
        Map<String, Map<Integer, String>> slots = new HashMap<>();
        NavigableMap<Long, Variable> byOffset = new TreeMap<>();
        Set<String> names = new HashSet<>();
        for (Variable variable : variables) {
            byOffset.put(variable.offset(), variable);
            names.add(variable.name());
        }
        for (ElfSection table : file.sections()) {
            if (table.type() == ElfSection.REL && table.info() == section.index()) {
                for (ElfRelocation relocation : file.relocations(table)) {
                    Variable variable = variableAt(byOffset, relocation);
                    slots.computeIfAbsent(variable.name(), _ -> new TreeMap<>()).put(slot(variable, relocation),
                            target(variable, names, relocation.symbol()));
                }
            }
        }
        return slots;
    }

    private Variable variableAt(NavigableMap<Long, Variable> byOffset, ElfRelocation relocation) {
        Map.Entry<Long, Variable> before = byOffset.floorEntry(relocation.offset());
        if (before == null || relocation.offset() + Btf.POINTER_SIZE > before.getKey() + before.getValue().size()) {
            throw file.malformed(relocation.place(), "a relocation in section '.maps' that is in no map");
        }
        return before.getValue();
    }

    private int slot(Variable variable, ElfRelocation relocation) {
        List<Member> members = variable.struct().members();
        long start = members.isEmpty() || !members.getLast().name().equals(VALUES)
                ? Long.MAX_VALUE
                : members.getLast().byteOffset();
        long offset = relocation.offset() - variable.offset() - start;
        if (offset < 0 || offset % Btf.POINTER_SIZE != 0) {
            throw file.malformed(relocation.place(), "map '" + variable.name() + "': a relocation outside of 'values'");
        }
        return (int) (offset / Btf.POINTER_SIZE);
    }

    private String target(Variable variable, Set<String> names, ElfSymbol symbol) {
        boolean legal = switch (variable.type()) {
            case ARRAY_OF_MAPS, HASH_OF_MAPS -> symbol.section() == section.index()
                    && names.contains(symbol.name());
            case PROG_ARRAY -> symbol.isFunction() && symbol.section() != ElfSymbol.UNDEFINED
                    && symbol.section() < ElfSymbol.RESERVED
                    && !file.sections().get(symbol.section()).name().equals(CodeSection.TEXT);
            default -> false;
        };
        if (!legal) {
            throw malformed("map '" + variable.name() + "' can not hold '" + symbol.name() + "'");
        }
        return symbol.name();
    }
}
