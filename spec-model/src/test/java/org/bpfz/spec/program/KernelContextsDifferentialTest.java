package org.bpfz.spec.program;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Which accesses of a context are let through, against the kernel's own is_valid_access functions: every offset and width. */
class KernelContextsDifferentialTest {
    private static final int[] WIDTHS = {1, 2, 4, 8};

    /** By their BTF and not by a table (btf_ctx_access), or by that of another program. */
    private static final Set<ProgramType> CONTEXT_BY_BTF = EnumSet.of(ProgramType.LSM, ProgramType.STRUCT_OPS,
            ProgramType.EXT);

    private static final long[] REGISTER_TYPES = new long[ContextPointer.values().length];

    private static KernelTables kernel;

    @BeforeAll
    static void cutAndCompile() throws Throwable {
        kernel = KernelTables.assumed();
        registerTypes();
    }

    @Test
    void contextAccessesAreTheKernels() throws Throwable {
        for (ProgramType type : KernelTables.ruledTypes()) {
            if (CONTEXT_BY_BTF.contains(type)) {
                continue;
            }
            ContextLayout layout = ContextLayout.of(type);
            boolean small = layout.size() <= 256;
            for (AttachType attachType : small
                    ? KernelTables.linux(AttachType.values(), AttachType.COMPRESSOR)
                    : List.of(AttachType.CGROUP_INET_INGRESS)) {
                ProgramTraits root = ProgramTraits.of(type).with(attachType);
                boolean first = attachType == AttachType.CGROUP_INET_INGRESS;
                for (ProgramTraits traits : first ? List.of(root, root.with(Set.of())) : List.of(root)) {
                    for (int offset = -9; offset <= layout.size() + 9; offset++) {
                        for (int width : WIDTHS) {
                            comparedAccess(layout, traits, offset, width, true, false);
                            comparedAccess(layout, traits, offset, width, false, false);
                            comparedAccess(layout, traits, offset, width, false, true);
                        }
                    }
                }
            }
        }
    }

    private static void comparedAccess(ContextLayout layout, ProgramTraits traits, int offset, int width, boolean write,
            boolean signExtend) throws Throwable {
        if (signExtend && width == 8) {
            return;
        }
        int theirs = kernel.access(traits, offset, width, write, signExtend);
        ContextField ours = layout.access(offset, width, write, signExtend, traits);
        if (theirs != expected(ours)) {
            assertEquals(theirs, expected(ours), (write ? "store of " : "load of ") + width + " at " + offset + " by "
                    + traits + (signExtend ? " with sign" : "") + ": " + ours);
        }
    }

    /** The register type that the row's pointer stands for, by the kernel's number. */
    private static int expected(@Nullable ContextField field) throws Throwable {
        return field == null ? -1 : (int) REGISTER_TYPES[field.pointer().ordinal()];
    }

    private static void registerTypes() throws Throwable {
        for (ContextPointer pointer : ContextPointer.values()) {
            REGISTER_TYPES[pointer.ordinal()] = switch (pointer) {
                case NONE -> kernel.constant("SCALAR_VALUE");
                case TRUSTED -> kernel.constant("PTR_TO_BTF_ID") | kernel.constant("PTR_TRUSTED");
                case BY_BTF -> kernel.constant("PTR_TO_BTF_ID");
                default -> kernel.constant("PTR_TO_" + pointer.name());
            };
        }
    }
}
