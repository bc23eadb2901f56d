package org.bpfz.verifier.structure;

import org.bpfz.spec.isa.RawInstruction;

/** What the walk over the control flow must know of the helpers and kernel functions that are called. */
public interface CallKinds {
    /** Whether the call runs a callback before it returns (is_sync_callback_calling_insn). */
    boolean callsBack(RawInstruction call);

    /** Whether the call arms a callback for later (is_async_callback_calling_insn). */
    boolean armsCallback(RawInstruction call);

    /** Whether the helper may move the packet (bpf_helper_changes_pkt_data). */
    boolean changesPacketData(RawInstruction call);

    /** Whether the call is of an iterator's next function. */
    boolean advancesIterator(RawInstruction call);
}
