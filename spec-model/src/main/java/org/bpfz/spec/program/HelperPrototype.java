package org.bpfz.spec.program;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the verifier must know of a helper: one prototype of it (struct bpf_func_proto in include/linux/bpf.h).
 *
 * <p>A helper has one prototype for all program types, or several: bpf_perf_event_output takes another context in each.
 *
 * @param number        what the immediate of the call instruction holds
 * @param name          as the verifier's log prints it: {@code bpf_map_lookup_elem}
 * @param prototype     the kernel's name for the prototype: {@code bpf_map_lookup_elem_proto}
 * @param arguments     what r1, r2, ... must hold; at most five
 * @param gplOnly       whether the program's licence must be compatible with the GPL
 * @param pktAccess     whether packet pointers may be passed as memory
 * @param mightSleep    whether only sleepable programs may call it, and not under RCU
 * @param allowFastcall whether a call scratches r0 and the registers of its arguments only
 * @param changesPacketData whether packet pointers are lost by the call (bpf_helper_changes_pkt_data in net/core/filter.c)
 * @param restriction   to which attach points it is confined, or null
 */
public record HelperPrototype(int number, String name, String prototype, ReturnType result, List<ArgType> arguments,
        boolean gplOnly, boolean pktAccess, boolean mightSleep, boolean allowFastcall, boolean changesPacketData,
        @Nullable HelperRestriction restriction) {
    public HelperPrototype {
        arguments = List.copyOf(arguments);
        if (arguments.size() > 5) {
            throw new IllegalArgumentException(prototype + ": " + arguments.size() + " arguments");
        }
    }
}
