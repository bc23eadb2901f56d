package org.bpfz.spec.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.bpfz.spec.map.MapRules;

/** What holds of the tables whatever their rows say. */
class TableProperties {
    /** More rights never take a helper away, nor change by which prototype it is called. */
    @Property
    boolean capabilitiesOnlyAddHelpers(@ForAll("traits") ProgramTraits traits, @ForAll Capability more,
            @ForAll @IntRange(min = 1, max = 213) int number) {
        HelperPrototype before = Helpers.allowed(number, traits);
        Set<Capability> widened = EnumSet.of(more);
        widened.addAll(traits.capabilities());
        return before == null || before.equals(Helpers.allowed(number, traits.with(widened)));
    }

    /** What is granted is a prototype of the helper that was asked for. */
    @Property
    void grantsAPrototypeOfTheHelperAskedFor(@ForAll("traits") ProgramTraits traits,
            @ForAll @IntRange(min = -5, max = 300) int number) {
        HelperPrototype granted = Helpers.allowed(number, traits);
        if (granted != null) {
            assertEquals(number, granted.number());
            assertTrue(Helpers.prototypes(number).contains(granted));
        }
    }

    /** More rights never take a context access away. */
    @Property
    boolean capabilitiesOnlyAddAccesses(@ForAll("traits") ProgramTraits traits, @ForAll Capability more,
            @ForAll @IntRange(min = -8, max = 300) int offset, @ForAll @IntRange(min = 0, max = 3) int log,
            @ForAll boolean write) {
        ContextLayout layout = ContextLayout.of(traits.type());
        Set<Capability> widened = EnumSet.of(more);
        widened.addAll(traits.capabilities());
        return layout.access(offset, 1 << log, write, false, traits) == null
                || layout.access(offset, 1 << log, write, false, traits.with(widened)) != null;
    }

    /** An access that is let through is aligned and ends inside of the context. */
    @Property
    void letsThroughAlignedAccessesInsideOnly(@ForAll("traits") ProgramTraits traits,
            @ForAll @IntRange(min = 0, max = 70000) int offset, @ForAll @IntRange(min = 0, max = 3) int log,
            @ForAll boolean write) {
        ContextLayout layout = ContextLayout.of(traits.type());
        if (layout.access(offset, 1 << log, write, false, traits) != null) {
            assertEquals(0, offset % (1 << log));
            assertTrue(offset + (1 << log) <= layout.size());
        }
    }

    /** The specification's maps and the table agree on what can't be: no map is made that the table does not take. */
    @Property
    boolean modelledMapsKeepToTheTable(@ForAll("maps") MapSpec spec) {
        return MapRules.refusal(spec) != null || MapRule.of(spec.type()).takes(spec);
    }

    @Provide
    Arbitrary<ProgramTraits> traits() {
        Arbitrary<ProgramType> types = Arbitraries
                .of(Arrays.stream(ProgramType.values()).filter(type -> type != ProgramType.UNSPEC).toList());
        return Combinators.combine(types, Arbitraries.of(AttachType.class).injectNull(0.2),
                Arbitraries.of("tcp", "file_open", "sock_graft", "tcp_congestion_ops.init", "bpf_compressor_verify")
                        .injectNull(0.3),
                Arbitraries.of(true, false), Arbitraries.of(Capability.class).set(),
                Arbitraries.of(ContextReading.class).set()).as(ProgramTraits::new);
    }

    @Provide
    Arbitrary<MapSpec> maps() {
        // Half of the sizes are such as some type takes; otherwise hardly a map would get past its first check.
        Arbitrary<Integer> sizes = Arbitraries.oneOf(Arbitraries.of(0, 4, 4, 8, 4096),
                Arbitraries.of(0, 1, 4, 5, 8, 16, 4096, 32768, 32769), Arbitraries.integers());
        return Combinators.combine(
                Arbitraries.of(Arrays.stream(MapType.values()).filter(type -> type != MapType.UNSPEC).toList()), sizes,
                sizes, sizes, Arbitraries.of(MapFlag.class).set().ofMaxSize(2))
                .as((type, key, value, entries, flags) -> MapSpec.of("m", type, key, value, entries)
                        .withFlags(flags.stream().mapToInt(MapFlag::mask).sum()));
    }
}
