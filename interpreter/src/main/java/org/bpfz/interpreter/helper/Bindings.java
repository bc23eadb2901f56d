package org.bpfz.interpreter.helper;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import org.bpfz.spec.engine.HelperReading;
import org.bpfz.spec.program.HelperPrototype;
import org.bpfz.spec.program.Helpers;
import org.jspecify.annotations.Nullable;

/** The helpers that the engines have, by name. bpf_tail_call is the engines' own, since it leaves the code that calls it. */
public final class Bindings {
    /** The helper that replaces the calling function. */
    public static final String TAIL_CALL = "bpf_tail_call";

    private static final Map<String, Helper> BY_NAME = Map.ofEntries(
            entry("bpf_map_lookup_elem", MapBindings::lookup),
            entry("bpf_map_lookup_percpu_elem", MapBindings::lookupPerCpu),
            entry("bpf_map_update_elem", MapBindings::update),
            entry("bpf_map_delete_elem", MapBindings::delete),
            entry("bpf_map_push_elem", MapBindings::push),
            entry("bpf_map_pop_elem", MapBindings::pop),
            entry("bpf_map_peek_elem", MapBindings::peek),
            entry("bpf_for_each_map_elem", MapBindings::forEach),
            entry("bpf_ringbuf_output", MapBindings::ringOutput),
            entry("bpf_ringbuf_reserve", MapBindings::ringReserve),
            entry("bpf_ringbuf_submit", MapBindings::ringSubmit),
            entry("bpf_ringbuf_discard", MapBindings::ringDiscard),
            entry("bpf_ringbuf_query", MapBindings::ringQuery),
            entry("bpf_copy_from_buffer", CompressorBindings::copyFromBuffer),
            entry("bpf_lzo_compress", CompressorBindings::lzoCompress),
            entry("bpf_get_current_pid_tgid", TaskBindings::pidTgid),
            entry("bpf_get_current_uid_gid", TaskBindings::uidGid),
            entry("bpf_get_current_comm", TaskBindings::comm),
            entry("bpf_get_current_task", TaskBindings::task),
            entry("bpf_get_current_task_btf", TaskBindings::task),
            entry("bpf_ktime_get_ns", TaskBindings::monotonic),
            entry("bpf_ktime_get_boot_ns", TaskBindings::boot),
            entry("bpf_ktime_get_coarse_ns", TaskBindings::coarse),
            entry("bpf_ktime_get_tai_ns", TaskBindings::tai),
            entry("bpf_jiffies64", TaskBindings::jiffies),
            entry("bpf_get_prandom_u32", TaskBindings::random),
            entry("bpf_get_smp_processor_id", TaskBindings::processor),
            entry("bpf_get_numa_node_id", TaskBindings::node),
            entry("bpf_loop", ControlBindings::loop),
            entry("bpf_strtol", StringBindings::toLong),
            entry("bpf_strtoul", StringBindings::toUnsignedLong),
            entry("bpf_strncmp", StringBindings::compare),
            entry("bpf_trace_printk", PrintBindings::tracePrintk),
            entry("bpf_trace_vprintk", PrintBindings::traceVprintk),
            entry("bpf_snprintf", PrintBindings::snprintf),
            entry("bpf_override_return", ProbeBindings::overrideReturn),
            entry("bpf_probe_read", ProbeBindings::any),
            entry("bpf_probe_read_str", ProbeBindings::anyString),
            entry("bpf_probe_read_kernel", ProbeBindings::kernel),
            entry("bpf_probe_read_kernel_str", ProbeBindings::kernelString),
            entry("bpf_probe_read_user", ProbeBindings::user),
            entry("bpf_probe_read_user_str", ProbeBindings::userString));

    private Bindings() {
    }

    /** The names of all of them, bpf_tail_call aside. */
    public static Set<String> names() {
        return BY_NAME.keySet();
    }

    /** What the helper of that name does, or null where the engines do not have it. */
    public static @Nullable Helper of(String name) {
        return BY_NAME.get(name);
    }

    /** Whether programs call bpf_tail_call by the number. */
    public static boolean isTailCall(int number, HelperReading reading) {
        HelperPrototype prototype = prototype(number, reading);
        return prototype != null && prototype.name().equals(TAIL_CALL);
    }

    /** The prototype of the helper that programs call by the number, under a reading of HELP-2; null where there is none. */
    public static @Nullable HelperPrototype prototype(int number, HelperReading reading) {
        int known = number;
        if (number == reading.copyFromBuffer()) {
            known = Helpers.COPY_FROM_BUFFER;
        } else if (number == reading.lzoCompress()) {
            known = Helpers.LZO_COMPRESS;
        } else if (number == Helpers.COPY_FROM_BUFFER || number == Helpers.LZO_COMPRESS) {
            return null;
        }
        return Helpers.prototypes(known).isEmpty() ? null : Helpers.prototypes(known).getFirst();
    }
}
