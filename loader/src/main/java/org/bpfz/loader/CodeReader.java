package org.bpfz.loader;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.loader.elf.ElfSection;
import org.bpfz.loader.elf.ElfSymbol;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Slots;
import org.jspecify.annotations.Nullable;

/** Reads the instructions of a section and finds the functions in it (bpf_object__add_programs in tools/lib/bpf/libbpf.c). */
final class CodeReader {
    private final ElfFile file;
    /** The symbols of functions by section. */
    private final Map<Integer, List<ElfSymbol>> symbols = new HashMap<>();

    CodeReader(ElfFile file) {
        this.file = file;
        for (ElfSymbol symbol : file.symbols()) {
            if (symbol.isFunction()) {
                symbols.computeIfAbsent(symbol.section(), _ -> new ArrayList<>()).add(symbol);
            }
        }
    }

    /** Whether a section holds programs or functions. */
    static boolean isCode(ElfSection section) {
        return section.type() == ElfSection.PROGBITS && section.isExecutable() && section.size() > 0;
    }

    /** The instructions by slot; a last slot that is cut short belongs to no function and is left out. */
    List<RawInstruction> instructions(ElfSection section) {
        if (section.isCompressed()) {
            throw file.malformed(section.offset(), "section '" + section.name() + "' is compressed");
        }
        byte[] contents = file.contents(section);
        return Slots.ofBytes(Arrays.copyOf(contents, contents.length - contents.length % Slots.BYTES), file.order());
    }

    /** The functions of a section in the order of their starts. */
    List<Function> functions(ElfSection section) {
        List<Function> functions = new ArrayList<>();
        for (ElfSymbol symbol : symbols.getOrDefault(section.index(), List.of())) {
            functions.add(function(section, symbol));
        }
        functions.sort(Comparator.comparingInt(Function::start).thenComparingInt(Function::length));
        @Nullable
        Function before = null;
        for (Function function : functions) {
            boolean sameRange = before != null && function.start() == before.start()
                    && function.length() == before.length();
            if (before != null && function.start() < before.end() && !sameRange) {
                throw file.malformed(section.offset() + (long) Slots.BYTES * function.start(),
                        "functions '" + before.name() + "' and '" + function.name() + "' overlap");
            }
            before = function;
        }
        return functions;
    }

    private Function function(ElfSection section, ElfSymbol symbol) {
        String what = "function '" + symbol.name() + "' in section '" + section.name() + "'";
        boolean inside = symbol.value() >= 0 && symbol.value() <= section.size() && symbol.size() >= 0
                && symbol.size() <= section.size() - symbol.value();
        if (!inside) {
            throw file.malformed(section.offset(), what + " crosses the section's end");
        }
        if (symbol.size() == 0 || symbol.size() % Slots.BYTES != 0 || symbol.value() % Slots.BYTES != 0) {
            throw file.malformed(section.offset() + symbol.value(), what + " is not made of whole instructions: "
                    + symbol.size() + " bytes at " + symbol.value());
        }
        if (symbol.isLocal() && !section.name().equals(CodeSection.TEXT)) {
            throw new UnsupportedObject(file.name(), what + " is static, and libbpf takes no static programs");
        }
        return new Function(symbol.name(), section.index(), (int) (symbol.value() / Slots.BYTES),
                (int) (symbol.size() / Slots.BYTES), !symbol.isLocal() && symbol.isHidden());
    }
}
