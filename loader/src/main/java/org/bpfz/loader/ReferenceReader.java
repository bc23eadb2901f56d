package org.bpfz.loader;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.loader.elf.ElfRelocation;
import org.bpfz.loader.elf.ElfSection;
import org.bpfz.loader.elf.ElfSymbol;
import org.bpfz.loader.elf.MalformedElf;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Slots;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what the relocated instructions of a code section refer to (bpf_object__collect_prog_relos and
 * bpf_program__record_reloc in tools/lib/bpf/libbpf.c).
 */
final class ReferenceReader {
    private final ElfFile file;
    private final ObjectMaps maps;
    /** The tables of relocations by the section that they relocate. */
    private final Map<Integer, List<ElfSection>> tables = new HashMap<>();
    /** The section that the types put an extern into, {@code .ksyms} or {@code .kconfig}, by its name. */
    private final Map<String, String> externSections = new HashMap<>();

    ReferenceReader(ElfFile file, ObjectMaps maps, @Nullable Btf btf) {
        this.file = file;
        this.maps = maps;
        for (ElfSection section : file.sections()) {
            if (section.type() == ElfSection.REL || section.type() == ElfSection.RELA) {
                tables.computeIfAbsent(section.info(), _ -> new ArrayList<>()).add(section);
            }
        }
        for (String name : ObjectTypes.EXTERN_SECTIONS) {
            int id = btf == null ? 0 : btf.find(BtfType.DataSec.class, name).orElse(0);
            if (btf != null && btf.type(id) instanceof BtfType.DataSec data) {
                data.vars().forEach(entry -> externSections.put(btf.type(entry.type()).name(), name));
            }
        }
    }

    /** By slot; relocations outside of all functions belong to code that a linker has dropped and are left out. */
    Map<Integer, Reference> read(CodeSection code) {
        Map<Integer, Reference> references = new HashMap<>();
        for (ElfSection table : tables.getOrDefault(code.section().index(), List.of())) {
            if (table.type() == ElfSection.RELA && table.size() > 0) {
                throw new UnsupportedObject(file.name(), "section '" + table.name()
                        + "' has relocations with addends, which libbpf does not take either");
            }
            if (table.type() == ElfSection.REL) {
                for (ElfRelocation relocation : file.relocations(table)) {
                    read(code, relocation, references);
                }
            }
        }
        return references;
    }

    private void read(CodeSection section, ElfRelocation relocation, Map<Integer, Reference> references) {
        if (relocation.offset() % Slots.BYTES != 0 || relocation.offset() / Slots.BYTES >= section.code().size()) {
            throw file.malformed(relocation.place(),
                    "section '" + section.section().name() + "': no instruction at " + relocation.offset());
        }
        int slot = (int) (relocation.offset() / Slots.BYTES);
        Optional<Function> function = section.functionAt(slot);
        if (function.isEmpty()) {
            return;
        }
        if (references.put(slot, reference(section.code(), slot, function.get(), relocation)) != null) {
            throw malformed(relocation, "the instruction has two relocations");
        }
    }

    private Reference reference(List<RawInstruction> code, int slot, Function function, ElfRelocation relocation) {
        RawInstruction instruction = code.get(slot);
        boolean call = PseudoSlots.isCall(instruction);
        boolean wide = instruction.isLoadImm64() && function.contains(slot + 1);
        if ((!call || relocation.type() != ElfRelocation.CALL) && (!wide || relocation.type() != ElfRelocation.LDDW)) {
            throw malformed(relocation, "relocation type " + Integer.toUnsignedString(relocation.type())
                    + " for opcode 0x" + Integer.toHexString(instruction.opcode()));
        }
        ElfSymbol symbol = relocation.symbol();
        if (symbol.isExtern()) {
            return new Reference.ToExtern(symbol.name(), externSections.getOrDefault(symbol.name(), ""));
        }
        if (symbol.section() == ElfSymbol.UNDEFINED || symbol.section() >= ElfSymbol.RESERVED) {
            throw malformed(relocation, "the symbol is in no section; was a global variable not initialised?");
        }
        ElfSection target = file.sections().get(symbol.section());
        if (target.name().equals(CodeSection.TEXT) && CodeReader.isCode(target)) {
            if (call && instruction.src() != PseudoSlots.PSEUDO_CALL) {
                throw malformed(relocation, "a function is called as if it were a helper");
            }
            if (symbol.value() % Slots.BYTES != 0) {
                throw malformed(relocation, "no function begins there");
            }
            return new Reference.ToFunction(symbol.value());
        }
        if (call) {
            throw malformed(relocation, "a call of what is not in section '.text'");
        }
        int data = maps.dataOf(target);
        if (data >= 0) {
            return new Reference.ToData(data, symbol.value());
        }
        int map = maps.definedAt(target.index(), symbol.value());
        if (map < 0) {
            throw malformed(relocation, "there is no map at " + symbol.value() + " of section '" + target.name() + "'");
        }
        return new Reference.ToMap(map);
    }

    private MalformedElf malformed(ElfRelocation relocation, String reason) {
        String name = relocation.symbol().name();
        String what = name.isEmpty() ? "section symbol " + relocation.symbol().section() : "'" + name + "'";
        return file.malformed(relocation.place(), "relocation against " + what + ": " + reason);
    }
}
