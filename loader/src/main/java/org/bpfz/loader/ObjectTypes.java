package org.bpfz.loader;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.loader.elf.ElfSection;
import org.bpfz.loader.elf.ElfSymbol;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfExt;
import org.bpfz.spec.btf.BtfRules;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.BtfType.DataSec;
import org.bpfz.spec.btf.BtfType.SectionVar;
import org.bpfz.spec.btf.Linkage;
import org.bpfz.spec.btf.MalformedBtf;
import org.jspecify.annotations.Nullable;

/**
 * Reads an object's types and completes what the compiler left open: the sizes of sections and the offsets of the variables in them
 * (bpf_object_fixup_btf and bpf_object__sanitize_and_load_btf in tools/lib/bpf/libbpf.c).
 */
final class ObjectTypes {
    /** Sections of variables that the kernel provides. */
    static final Set<String> EXTERN_SECTIONS = Set.of(Externs.CONFIG_SECTION, Externs.KERNEL_SECTION);

    private static final String TYPES = ".BTF";
    private static final String EXTENSION = ".BTF.ext";

    private final ElfFile file;

    ObjectTypes(ElfFile file) {
        this.file = file;
    }

    /** The object's types as the compiler wrote them, empty if it has none. */
    Optional<Btf> written() {
        return section(TYPES).map(section -> at(section, () -> Btf.read(file.contents(section), BtfRules.OBJECT)));
    }

    /** The object's functions, lines and relocations, empty if it has none. */
    Optional<BtfExt> extension(Btf written) {
        return section(EXTENSION).map(section -> at(section, () -> BtfExt.read(file.contents(section), written)));
    }

    private Optional<ElfSection> section(String name) {
        Optional<ElfSection> found = file.section(name);
        found.ifPresent(section -> {
            if (section.type() != ElfSection.PROGBITS || section.isCompressed()) {
                throw file.malformed(section.offset(), "section '" + name + "' has no plain contents");
            }
        });
        return found;
    }

    private <T> T at(ElfSection section, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (MalformedBtf e) {
            throw file.malformed(section.offset() + e.offset(), section.name() + ": " + e.reason());
        }
    }

    /**
     * An object's types with all sections completed.
     *
     * @param refusal why BPF_BTF_LOAD would not take them, null if it would: programs are then loaded without types, as libbpf does
     */
    record Completed(Btf btf, @Nullable String refusal) {}

    /**
     * Completes the types.
     *
     * @param code    the code sections, whose hidden functions become static
     * @param externs what the kernel is to provide, which becomes global
     */
    Completed complete(Btf written, List<CodeSection> code, Externs externs) {
        ElfSection section = file.section(TYPES).orElseThrow();
        Map<Integer, BtfType> changed = new HashMap<>();
        Map<String, ElfSymbol> variables = globalVariables();
        for (int id = written.firstId(); id < written.endId(); id++) {
            if (written.type(id) instanceof DataSec data && !EXTERN_SECTIONS.contains(data.name())) {
                changed.put(id, complete(written, data, variables, changed, section));
            }
        }
        hideFunctions(written, code, changed);
        List<BtfType> added = new ArrayList<>();
        externs.completeTypes(written, changed, added);
        Btf completed = at(section, () -> written.with(changed, added, BtfRules.OBJECT));
        return new Completed(completed, refusal(completed));
    }

    private static @Nullable String refusal(Btf completed) {
        try {
            completed.with(Map.of(), BtfRules.LOAD);
            return null;
        } catch (MalformedBtf e) {
            return e.reason();
        }
    }

    private Map<String, ElfSymbol> globalVariables() {
        Map<String, ElfSymbol> variables = new HashMap<>();
        for (ElfSymbol symbol : file.symbols()) {
            if (symbol.isObject() && symbol.isGlobal()) {
                variables.putIfAbsent(symbol.name(), symbol);
            }
        }
        return variables;
    }

    private DataSec complete(Btf written, DataSec data, Map<String, ElfSymbol> variables,
            Map<Integer, BtfType> changed, ElfSection types) {
        long size = data.size();
        if (size == 0) {
            size = file.section(data.name()).map(ElfSection::size).orElse(0L);
            if (size == 0) {
                throw file.malformed(types.offset(), ".BTF speaks of a section '" + data.name()
                        + "' that the file does not have");
            }
        }
        List<SectionVar> completed = new ArrayList<>();
        for (SectionVar entry : data.vars()) {
            if (!(written.type(entry.type()) instanceof BtfType.Var variable)) {
                throw file.malformed(types.offset(), ".BTF has a function in the section '" + data.name() + "'");
            }
            ElfSymbol symbol = variables.get(variable.name());
            // Static variables have no symbol that counts, and their offsets from the compiler.
            if (variable.linkage() != Linkage.GLOBAL) {
                completed.add(entry);
                continue;
            }
            if (symbol == null) {
                throw file.malformed(types.offset(), ".BTF speaks of a variable '" + variable.name()
                        + "' that the file does not have");
            }
            long offset = data.size() == 0 ? symbol.value() : entry.offset();
            completed.add(new SectionVar(entry.type(), offset, entry.size()));
            if (symbol.isHidden()) {
                changed.put(entry.type(), new BtfType.Var(variable.name(), variable.type(), Linkage.STATIC));
            }
        }
        completed.sort(Comparator.comparingLong(SectionVar::offset));
        return new DataSec(data.name(), size, completed);
    }

    /** A global function that is hidden is verified where it is called, as a static one. */
    private static void hideFunctions(Btf written, List<CodeSection> code, Map<Integer, BtfType> changed) {
        for (CodeSection section : code) {
            if (!section.isText()) {
                continue;
            }
            for (Function function : section.functions()) {
                if (function.hidden()) {
                    hide(written, function.name(), changed);
                }
            }
        }
    }

    private static void hide(Btf written, String name, Map<Integer, BtfType> changed) {
        for (int id : written.idsNamed(name)) {
            if (written.type(id) instanceof BtfType.Func function && function.linkage() == Linkage.GLOBAL) {
                changed.put(id, new BtfType.Func(name, function.proto(), Linkage.STATIC));
                return;
            }
        }
    }
}
