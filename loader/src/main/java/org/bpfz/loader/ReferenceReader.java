package org.bpfz.loader;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.loader.elf.ElfRelocation;
import org.bpfz.loader.elf.ElfSection;
import org.bpfz.loader.elf.ElfSymbol;
import org.bpfz.loader.elf.MalformedElf;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.isa.RawInstruction;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what the relocated instructions of a code section refer to (bpf_object__collect_prog_relos and
 * bpf_program__record_reloc in tools/lib/bpf/libbpf.c).
 */
final class ReferenceReader {
    private static final int SLOT_SIZE = 8;

    private final ElfFile file;
    private final ObjectMaps maps;
    private final @Nullable Btf btf;

    ReferenceReader(ElfFile file, ObjectMaps maps, @Nullable Btf btf) {
        this.file = file;
        this.maps = maps;
        this.btf = btf;
    }

    /** By slot; relocations outside of all functions belong to code that a linker has dropped and are left out. */
    Map<Integer, Reference> read(CodeSection code) {
        Map<Integer, Reference> references = new HashMap<>();
        for (ElfSection table : file.sections()) {
            if (table.info() != code.section().index()) {
                continue;
            }
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
        if (relocation.offset() % SLOT_SIZE != 0 || relocation.offset() / SLOT_SIZE >= section.code().size()) {
            throw file.malformed(relocation.place(),
                    "section '" + section.section().name() + "': no instruction at " + relocation.offset());
        }
        int slot = (int) (relocation.offset() / SLOT_SIZE);
        boolean inFunction = section.functions().stream().anyMatch(function -> function.contains(slot));
        if (!inFunction) {
            return;
        }
        if (references.put(slot, reference(section.code(), slot, relocation)) != null) {
            throw malformed(relocation, "the instruction has two relocations");
        }
    }

    private Reference reference(List<RawInstruction> code, int slot, ElfRelocation relocation) {
        RawInstruction instruction = code.get(slot);
        boolean call = Slots.isCall(instruction);
        boolean wide = Slots.isLoadImm64(instruction) && slot + 1 < code.size();
        if ((!call || relocation.type() != ElfRelocation.CALL) && (!wide || relocation.type() != ElfRelocation.LDDW)) {
            throw malformed(relocation, "relocation type " + Integer.toUnsignedString(relocation.type())
                    + " for opcode 0x" + Integer.toHexString(instruction.opcode()));
        }
        ElfSymbol symbol = relocation.symbol();
        if (symbol.isExtern()) {
            return new Reference.ToExtern(symbol.name(), sectionOfExtern(symbol.name()));
        }
        if (symbol.section() == ElfSymbol.UNDEFINED || symbol.section() >= ElfSymbol.RESERVED) {
            throw malformed(relocation, "the symbol is in no section; was a global variable not initialised?");
        }
        ElfSection target = file.sections().get(symbol.section());
        if (target.name().equals(CodeSection.TEXT) && CodeReader.isCode(target)) {
            if (call && instruction.src() != Slots.PSEUDO_CALL) {
                throw malformed(relocation, "a function is called as if it were a helper");
            }
            if (symbol.value() % SLOT_SIZE != 0) {
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

    /** The section that the types put an extern into, {@code .ksyms} or {@code .kconfig}; empty if they say nothing. */
    private String sectionOfExtern(String name) {
        if (btf == null) {
            return "";
        }
        for (String section : ObjectTypes.EXTERN_SECTIONS) {
            int id = btf.find(BtfType.DataSec.class, section).orElse(0);
            boolean here = btf.type(id) instanceof BtfType.DataSec data
                    && data.vars().stream().anyMatch(entry -> btf.type(entry.type()).name().equals(name));
            if (here) {
                return section;
            }
        }
        return "";
    }

    private MalformedElf malformed(ElfRelocation relocation, String reason) {
        String name = relocation.symbol().name();
        String what = name.isEmpty() ? "section symbol " + relocation.symbol().section() : "'" + name + "'";
        return file.malformed(relocation.place(), "relocation against " + what + ": " + reason);
    }
}
