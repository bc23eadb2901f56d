package org.bpfz.spec.engine;

import java.util.List;
import org.bpfz.spec.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * What a run leaves behind, apart from maps and trace output: what engines are compared on.
 *
 * @param r0      the return value, all 64 bits; 0 where there is a fault. A hook reads its low 32 bits as an int.
 * @param fault   why the run ended early, or null
 * @param context the context or raw memory afterwards
 * @param packet  the packet afterwards, without headroom; empty where there was none
 * @param events  in order; empty unless the invocation asked for them
 */
public record Result(long r0, @Nullable Fault fault, Bytes context, Bytes packet, List<Event> events) {
    public Result {
        events = List.copyOf(events);
    }
}
