package org.bpfz.spec.machine;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.engine.Event;
import org.bpfz.spec.helper.Outcome;
import org.bpfz.spec.memory.Word;
import org.bpfz.spec.program.HelperPrototype;
import org.jspecify.annotations.Nullable;

/**
 * A helper call under way.
 *
 * @param slot      of the call instruction
 * @param arguments R1 to R5 as they were
 * @param then      what it does when its callback returns; null before it has called back
 */
record PendingCall(int slot, HelperPrototype helper, List<@Nullable Word> arguments,
        Outcome.@Nullable Continuation then) {

    PendingCall waitingFor(Outcome.Continuation continuation) {
        return new PendingCall(slot, helper, arguments, continuation);
    }

    /** What the log holds of it. */
    Event returned(Word result) {
        List<Long> bits = new ArrayList<>();
        for (Word argument : arguments.subList(0, helper.arguments().size())) {
            bits.add(argument == null ? 0 : argument.bits());
        }
        return new Event.HelperCall(slot, helper.name(), bits, result.bits());
    }
}
