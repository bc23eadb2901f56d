package org.bpfz.proofs.kernel;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bpfz.proofs.kernel.KernelTheorems.Row;
import org.bpfz.proofs.lift.Value;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.bpfz.verifier.domain.Range32;
import org.bpfz.verifier.domain.Range64;
import org.bpfz.verifier.domain.Scalar;

/**
 * Functions of the kernel that are made of others which have rows of their own: the parts are any functions in both, the same ones, and only how
 * they are put together is compared.
 */
final class ComposedRows {
    private static final String SYNC_ENTRY = "reg_bounds_sync_stages";
    private static final String DEDUCE_ENTRY = "reg_deduce_bounds";
    private static final String COERCE_ENTRY = "coerce_reg_to_size_";

    private ComposedRows() {
    }

    static List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        rows.add(new Row(
                "reg_bounds_sync (its stages by their rows), but for constants that no bound contradicts (ranges/scalar/constants),",
                KernelTheorems.code("Scalar.sync"), "TWO(" + SYNC_ENTRY + ", some_bounds_sync(&a))", (side, a, _) -> {
                    side.assume(side.terms().not(isConstant(side, a)));
                    side.anyStage("learnBounds", "any_update");
                    side.anyStage("deduce", "any_deduce");
                    side.anyStage("learnBits", "any_offset");
                    KernelTheorems.scalarWords(side, "a.", side.call(Scalar.class, "sync", a));
                }));
        rows.add(new Row("__reg_deduce_bounds (its stages by their rows)", KernelTheorems.code("Scalar.deduce"),
                "TWO(" + DEDUCE_ENTRY + ", some_deduce_bounds(&a))", (side, a, _) -> {
                    side.anyRange(Range32.class, "withinWide", "any_within");
                    side.anyRange(Range32.class, "acrossSigns", "any_across32");
                    side.anyRange(Range64.class, "acrossSigns", "any_across64");
                    side.anyStage("deduceWideFromLow", "any_mixed");
                    KernelTheorems.scalarWords(side, "a.", side.call(Scalar.class, "deduce", a));
                }));
        for (int bytes : new int[]{1, 2, 4}) {
            rows.add(new Row("coerce_reg_to_size (reg_bounds_sync by its row)", KernelTheorems.code("Scalar.truncated"),
                    "TWO(" + COERCE_ENTRY + bytes + ", some_coerce(&a, " + bytes + "))", (side, a, _) -> {
                        side.anyStage("sync", "any_sync");
                        side.assumeCongruence();
                        KernelTheorems.scalarWords(side, "a.",
                                side.call(Scalar.class, "truncated", a, side.constant(bytes)));
                    }));
        }
        return rows;
    }

    /** Whether all bits are known and the number that they are is within the bounds, which Java looks for first: by its own comparisons. */
    private static Term isConstant(JavaSide side, Value a) {
        Terms t = side.terms();
        Term value = side.number(a, "bits.value");
        Term wide = side.ask(Range64.class, "contains", "(J)Z", side.part(a, "wide"), value);
        Term low = side.ask(Range32.class, "contains", "(I)Z", side.part(a, "low"), t.extract(value, 0, 32));
        return t.and(t.eq(side.number(a, "bits.mask"), t.bv(64, 0)), t.and(wide, low));
    }

    /** Whether the row's C is among what {@link #c} makes. */
    static boolean makes(Row row) {
        return rows().stream().anyMatch(own -> own.entry().equals(row.entry()));
    }

    /** The functions cut once more, with any functions in the place of their parts, and the entry points of the rows. */
    static String c(KernelFunctions functions) throws IOException {
        StringBuilder c = new StringBuilder();
        c.append(functions.again("reg_bounds_sync", "some_bounds_sync", Map.of("__update_reg_bounds", "any_update",
                "__reg_deduce_bounds", "any_deduce", "__reg_bound_offset", "any_offset")));
        c.append(functions.again("__reg_deduce_bounds", "some_deduce_bounds", Map.of("__reg32_deduce_bounds",
                "any_deduce32", "__reg64_deduce_bounds", "any_deduce64", "__reg_deduce_mixed_bounds", "any_mixed")));
        c.append(functions.again("coerce_reg_to_size", "some_coerce", Map.of("reg_bounds_sync", "any_sync")));
        rows().forEach(row -> c.append(row.entry()).append('\n'));
        return c.toString();
    }
}
