package org.bpfz.verifier.structure;

import org.bpfz.spec.Errno;
import org.bpfz.spec.program.MapRule;
import org.bpfz.spec.program.MapType;
import org.bpfz.spec.program.ProgramTraits;
import org.bpfz.spec.program.ProgramType;
import org.bpfz.verifier.btf.FieldKind;
import org.bpfz.verifier.btf.Fields;
import org.bpfz.verifier.log.VerifierLog;
import org.bpfz.verifier.state.MapObject;

/** Which maps a program may use at all, by its type and by whether it may sleep (check_map_prog_compatibility). */
public final class MapRules {
    private final ProgramTraits traits;
    private final VerifierLog log;

    public MapRules(ProgramTraits traits, VerifierLog log) {
        this.traits = traits;
        this.log = log;
    }

    void check(int slot, MapObject map) {
        Fields fields = map.fields();
        boolean tracing = isTracing();
        refuseIf(tracing && fields.has(FieldKind::isGraphRoot), slot,
                "tracing progs cannot use bpf_{list_head,rb_root} yet");
        boolean locked = fields.has(FieldKind.SPIN_LOCK);
        refuseIf(locked && traits.type() == ProgramType.SOCKET_FILTER, slot,
                "socket filter progs cannot use bpf_spin_lock yet");
        refuseIf(locked && tracing, slot, "tracing progs cannot use bpf_spin_lock yet");
        refuseIf(tracing && fields.has(FieldKind.TIMER), slot, "tracing progs cannot use bpf_timer yet");
        refuseIf(tracing && fields.has(FieldKind.WORKQUEUE), slot, "tracing progs cannot use bpf_wq yet");
        refuseIf(map.type() == MapType.STRUCT_OPS, slot, "bpf_struct_ops map cannot be used in prog");
        refuseIf(traits.sleepable() && !MapRule.of(map.type()).sleepable(), slot,
                "Sleepable programs can only use array, hash, ringbuf and local storage maps");
    }

    private void refuseIf(boolean refused, int slot, String reason) {
        if (refused) {
            throw log.reject(Errno.EINVAL, slot, reason);
        }
    }

    private boolean isTracing() {
        return switch (traits.type()) {
            case KPROBE, TRACEPOINT, PERF_EVENT, RAW_TRACEPOINT, RAW_TRACEPOINT_WRITABLE -> true;
            default -> false;
        };
    }
}
