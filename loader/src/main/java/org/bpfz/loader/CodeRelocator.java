package org.bpfz.loader;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.loader.core.CorePatcher;
import org.bpfz.loader.core.CoreException;
import org.bpfz.loader.core.CoreResolution;
import org.bpfz.loader.core.CoreResolver;
import org.bpfz.loader.elf.ElfFile;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfExt;
import org.bpfz.spec.btf.CoreRelocation;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.ProgramImage.Unresolved;
import org.jspecify.annotations.Nullable;

/** Applies an object's CO-RE relocations to its functions, each before it is linked (bpf_object__relocate_core). */
final class CodeRelocator {
    private static final int MAX_MESSAGE = 400;
    private static final String SHOWN = "<invalid CO-RE relocation>";

    private final ElfFile file;
    private final @Nullable BtfExt ext;
    private final @Nullable Btf btf;
    private final KernelTarget target;

    CodeRelocator(ElfFile file, @Nullable Btf btf, @Nullable BtfExt ext, KernelTarget target) {
        this.file = file;
        this.btf = btf;
        this.ext = ext;
        this.target = target;
    }

    /**
     * A function's slots for the kernel.
     *
     * @param unresolved by slot of the section
     */
    record Relocated(List<RawInstruction> code, Map<Integer, Unresolved> unresolved) {}

    /**
     * Relocates a function.
     *
     * @throws UnsupportedObject for the first relocation that can not be carried out
     */
    Relocated relocate(CodeSection section, Function function) {
        Map<Integer, Unresolved> unresolved = new HashMap<>();
        List<RawInstruction> code = new ArrayList<>(section.code().subList(function.start(), function.end()));
        for (CoreStep step : steps(section, function, code)) {
            if (step.refusal() != null) {
                throw new UnsupportedObject(file.name(),
                        "function '" + function.name() + "' needs the CO-RE relocation "
                                + step.described() + ": " + step.refusal());
            }
            if (step.poisoned()) {
                unresolved.put(step.relocation().slot(),
                        new Unresolved(SHOWN, "failed to resolve CO-RE relocation " + step.described()));
            }
        }
        return new Relocated(code, unresolved);
    }

    /** Carries out the relocations of a function in their order on its slots, and says of each what came of it. */
    List<CoreStep> steps(CodeSection section, Function function, List<RawInstruction> code) {
        if (ext == null || btf == null) {
            return List.of();
        }
        CoreResolver resolver = new CoreResolver(btf, target.core());
        List<CoreStep> steps = new ArrayList<>();
        for (CoreRelocation relocation : ext.relocations(section.section().name())) {
            if (function.contains(relocation.slot())) {
                steps.add(step(resolver, btf, relocation, function, code));
            }
        }
        return steps;
    }

    private static CoreStep step(CoreResolver resolver, Btf types, CoreRelocation relocation, Function function,
            List<RawInstruction> code) {
        int slot = relocation.slot() - function.start();
        CoreResolution resolution = null;
        try {
            resolution = resolver.resolve(relocation);
            CorePatcher.Done done = CorePatcher.apply(code, slot, resolution);
            return new CoreStep(function.name(), slot, relocation, resolution, resolution.local().toString(),
                    done.poisoned(), done.changes(), null);
        } catch (CoreException e) {
            String described = resolution == null
                    ? CoreAccess.describe(types, relocation)
                    : resolution.local().toString();
            return new CoreStep(function.name(), slot, relocation, resolution, oneLine(described), false, List.of(),
                    oneLine(String.valueOf(e.getMessage())));
        }
    }

    /** What an object has in the place of an access may be any text. */
    private static String oneLine(String text) {
        String line = text.replaceAll("[^ -~]+", "?");
        return line.length() > MAX_MESSAGE ? line.substring(0, MAX_MESSAGE) + "..." : line;
    }
}
