package org.bpfz.loader;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfExt;
import org.bpfz.spec.btf.FuncInfo;
import org.bpfz.spec.btf.LineInfo;
import org.bpfz.spec.btf.ProgramBtf;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.ProgramImage.Unresolved;
import org.jspecify.annotations.Nullable;

/**
 * Links one entry program: appends the functions that it calls, each once and in the order in which libbpf meets them (the callee of
 * a call comes, with all that it calls, before the callee of the next call), and points calls and loads to where things are
 * (bpf_object__reloc_code and bpf_object__relocate_data in tools/lib/bpf/libbpf.c).
 */
final class Linker {
    private final ElfFile file;
    private final CodeSection entrySection;
    private final @Nullable CodeSection text;
    private final CodeRelocator relocator;
    private final ExternLinker externs;
    private final int configMap;
    private final List<RawInstruction> code = new ArrayList<>();
    private final Map<Integer, Unresolved> unresolved = new HashMap<>();
    private final List<Placement> placements = new ArrayList<>();
    private final Map<Integer, Placement> placedByStart = new HashMap<>();

    /**
     * A linker for one program.
     *
     * @param text      the section of functions that are called, null if the object has none
     * @param configMap the index of the map of section {@code .kconfig}, -1 if there is none
     */
    Linker(ElfFile file, CodeSection entrySection, @Nullable CodeSection text, CodeRelocator relocator,
            ExternLinker externs, int configMap) {
        this.file = file;
        this.entrySection = entrySection;
        this.text = text;
        this.relocator = relocator;
        this.externs = externs;
        this.configMap = configMap;
    }

    /** A function in the program: its slots moved from {@code function.start()} of its section to {@code at}. */
    private record Placement(CodeSection section, Function function, int at) {
        int distance() {
            return at - function.start();
        }
    }

    /** A function whose instructions are being gone through, up to a slot of its section. */
    private static final class Open {
        private final Placement placement;
        private int slot;

        Open(Placement placement) {
            this.placement = placement;
            slot = placement.function().start();
        }
    }

    /** Links the entry function and all that it calls; {@link #code} and {@link #types} tell of the program afterwards. */
    void link(Function entry) {
        follow(place(entrySection, entry));
    }

    /** Appends a function of .text that nothing calls, with what it calls, unless it is there already. */
    void append(Function function) {
        if (text != null && !placedByStart.containsKey(function.start())) {
            follow(place(text, function));
        }
    }

    private void follow(Placement first) {
        Deque<Open> open = new ArrayDeque<>();
        open.push(new Open(first));
        while (!open.isEmpty()) {
            Open current = open.peek();
            if (current.slot == current.placement.function().end()) {
                open.pop();
                continue;
            }
            Placement callee = linkSlot(current.placement, current.slot);
            current.slot++;
            if (callee != null) {
                open.push(new Open(callee));
            }
        }
    }

    /** The slots as they are now. */
    List<RawInstruction> code() {
        return code;
    }

    /** What the kernel lacks, by slot. */
    Map<Integer, Unresolved> unresolved() {
        return unresolved;
    }

    private Placement place(CodeSection section, Function function) {
        Placement placement = new Placement(section, function, code.size());
        CodeRelocator.Relocated relocated = relocator.relocate(section, function);
        code.addAll(relocated.code());
        relocated.unresolved().forEach((slot, why) -> unresolved.put(slot + placement.distance(), why));
        placements.add(placement);
        if (section.isText()) {
            placedByStart.put(function.start(), placement);
        }
        return placement;
    }

    /** Links the instruction at a slot of a placed function; returns the function that had to be appended for it, if any. */
    private @Nullable Placement linkSlot(Placement placement, int slot) {
        CodeSection section = placement.section();
        int at = slot + placement.distance();
        RawInstruction instruction = code.get(at);
        Reference reference = section.references().get(slot);
        return switch (reference) {
            case null -> PseudoSlots.isLocalCall(instruction)
                    ? linkCall(placement, slot, slot + 1L + instruction.imm())
                    : null;
            case Reference.ToMap toMap -> {
                code.set(at, PseudoSlots.withSrcAndImm(instruction, PseudoSlots.PSEUDO_MAP_IDX, toMap.map()));
                yield null;
            }
            case Reference.ToData toData -> {
                int offset = instruction.imm() + (int) toData.offset();
                code.set(at, PseudoSlots.withSrcAndImm(instruction, PseudoSlots.PSEUDO_MAP_IDX_VALUE, toData.map()));
                code.set(at + 1, PseudoSlots.withImm(code.get(at + 1), offset));
                yield null;
            }
            case Reference.ToFunction toFunction when PseudoSlots.isCall(instruction) ->
                linkCall(placement, slot, toFunction.offset() / 8 + 1 + instruction.imm());
            case Reference.ToFunction toFunction -> {
                long target = toFunction.offset() + instruction.imm();
                code.set(at, PseudoSlots.withSrcAndImm(instruction, PseudoSlots.PSEUDO_FUNC, 0));
                yield linkCall(placement, slot, target % 8 == 0 ? target / 8 : -1);
            }
            case Reference.ToExtern extern -> {
                linkExtern(extern, at);
                yield null;
            }
        };
    }

    /** Puts what the kernel has for an extern into a call or a load (bpf_object__relocate_data, RELO_EXTERN_*). */
    private void linkExtern(Reference.ToExtern extern, int at) {
        RawInstruction instruction = code.get(at);
        String program = placements.getFirst().function().name();
        ExternLinker.Found found = externs.find(program, extern.name(), extern.section());
        if (PseudoSlots.isCall(instruction)) {
            switch (found) {
                case ExternLinker.Found.InKernel kernel -> code.set(at, new RawInstruction(instruction.opcode(),
                        instruction.dst(), PseudoSlots.PSEUDO_KFUNC_CALL, (short) 0, kernel.id()));
                case ExternLinker.Found.Missing missing -> {
                    code.set(at, new RawInstruction(instruction.opcode(), 0, 0, (short) 0,
                            PseudoSlots.MISSING_KFUNC + missing.index()));
                    unresolved.put(at, new Unresolved("<invalid kfunc call>",
                            "kfunc '" + extern.name() + "' is referenced but wasn't resolved"));
                }
                case ExternLinker.Found.InConfig _,ExternLinker.Found.Address _ -> throw new UnsupportedObject(
                        file.name(), "program '" + program + "' calls '" + extern.name() + "', which is no function");
            }
            return;
        }
        switch (found) {
            case ExternLinker.Found.InKernel kernel -> load(at, PseudoSlots.PSEUDO_BTF_ID, kernel.id(), 0);
            case ExternLinker.Found.InConfig config -> load(at, PseudoSlots.PSEUDO_MAP_IDX_VALUE, configMap,
                    config.offset());
            case ExternLinker.Found.Address address -> load(at, 0, (int) address.address(),
                    (int) (address.address() >>> 32));
            case ExternLinker.Found.Missing _ -> load(at, 0, 0, 0);
        }
    }

    private void load(int at, int src, int imm, int nextImm) {
        code.set(at, PseudoSlots.withSrcAndImm(code.get(at), src, imm));
        code.set(at + 1, PseudoSlots.withImm(code.get(at + 1), nextImm));
    }

    /** Points a call, or the load of a function's address, to the function that begins at a slot of .text. */
    private @Nullable Placement linkCall(Placement caller, int slot, long target) {
        Function function = text == null ? null : text.functionFrom(target).orElse(null);
        if (text == null || function == null) {
            throw file.malformed(caller.section().offset(slot), "function '" + caller.function().name()
                    + "' calls what is no function of section '.text'");
        }
        Placement known = placedByStart.get(function.start());
        Placement callee = known == null ? place(text, function) : known;
        int at = slot + caller.distance();
        code.set(at, PseudoSlots.withImm(code.get(at), callee.at() - at - 1));
        return known == null ? callee : null;
    }

    /**
     * The types with the functions and lines of what has been linked, at their places in the program. If the entry
     * function has no record of a kind, the program goes without (reloc_prog_func_and_line_info).
     */
    ProgramBtf types(Btf btf, @Nullable BtfExt ext) {
        if (ext == null) {
            return new ProgramBtf(btf, List.of(), List.of());
        }
        Collector<FuncInfo> functions = new Collector<>(FuncInfo::slot, FuncInfo::moved);
        Collector<LineInfo> lines = new Collector<>(LineInfo::slot, LineInfo::moved);
        List<CodeSection> sections = text == null || placements.size() == 1
                ? List.of(entrySection)
                : List.of(entrySection, text);
        for (CodeSection section : sections) {
            String name = section.section().name();
            functions.add(section, ext.functions(name));
            lines.add(section, ext.lines(name));
        }
        return new ProgramBtf(btf, functions.orNone(), lines.orNone());
    }

    /** Sorts the records of sections by the placed functions that they belong to. */
    private final class Collector<T> {
        private final ToIntFunction<T> slot;
        private final BiFunction<T, Integer, T> move;
        private final Map<Integer, List<T>> byPlace = new HashMap<>();

        Collector(ToIntFunction<T> slot, BiFunction<T, Integer, T> move) {
            this.slot = slot;
            this.move = move;
        }

        void add(CodeSection section, List<T> records) {
            for (T record : records) {
                Placement placement = placementOf(section, slot.applyAsInt(record));
                if (placement != null) {
                    byPlace.computeIfAbsent(placement.at(), _ -> new ArrayList<>())
                            .add(move.apply(record, placement.distance()));
                }
            }
        }

        /** All records, in the order of the placed functions. */
        List<T> all() {
            return placements.stream().flatMap(placement -> byPlace.getOrDefault(placement.at(), List.of()).stream())
                    .toList();
        }

        /** All records if there are some of the entry function. */
        List<T> orNone() {
            return byPlace.containsKey(placements.getFirst().at()) ? all() : List.of();
        }
    }

    private @Nullable Placement placementOf(CodeSection section, int slot) {
        Placement entry = placements.getFirst();
        if (section.section().index() == entry.function().section()) {
            return entry.function().contains(slot) ? entry : null;
        }
        return section.functionAt(slot).map(function -> placedByStart.get(function.start())).orElse(null);
    }
}
