package org.bpfz.loader;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bpfz.loader.elf.ElfSection;
import org.bpfz.spec.isa.RawInstruction;

/**
 * A section of instructions with the functions in it and what its relocated instructions refer to.
 *
 * @param functions  in the order of their starts; they do not overlap, but for names of one and the same function
 * @param references by slot
 */
record CodeSection(ElfSection section, List<RawInstruction> code, List<Function> functions,
        Map<Integer, Reference> references) {

    /** The section of functions that others call; functions of all other code sections are entry programs. */
    static final String TEXT = ".text";

    boolean isText() {
        return section.name().equals(TEXT);
    }

    CodeSection withReferences(Map<Integer, Reference> read) {
        return new CodeSection(section, code, functions, read);
    }

    /** The function that a slot is in, the first of those that are one and the same. */
    Optional<Function> functionAt(int slot) {
        int low = 0;
        int high = functions.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (functions.get(middle).end() <= slot) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < functions.size() && functions.get(low).contains(slot)
                ? Optional.of(functions.get(low))
                : Optional.empty();
    }

    /** The function that begins at a slot. */
    Optional<Function> functionFrom(long slot) {
        return slot < 0 || slot >= code.size()
                ? Optional.empty()
                : functionAt((int) slot).filter(function -> function.start() == slot);
    }

    /** The place of a slot in the file. */
    long offset(int slot) {
        return section.offset() + 8L * slot;
    }
}
