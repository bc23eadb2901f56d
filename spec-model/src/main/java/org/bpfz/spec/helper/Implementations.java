package org.bpfz.spec.helper;

import static java.util.Map.entry;

import java.util.Map;
import java.util.Set;
import org.bpfz.spec.engine.HelperReading;
import org.bpfz.spec.program.HelperPrototype;
import org.bpfz.spec.program.Helpers;
import org.jspecify.annotations.Nullable;

/** The helpers that the specification has, by name. */
public final class Implementations {
    private static final Map<String, HelperFunction> BY_NAME = Map.ofEntries(
            entry("bpf_map_lookup_elem", MapHelpers::lookup),
            entry("bpf_map_lookup_percpu_elem", MapHelpers::lookupPerCpu),
            entry("bpf_map_update_elem", MapHelpers::update),
            entry("bpf_map_delete_elem", MapHelpers::delete),
            entry("bpf_map_push_elem", MapHelpers::push),
            entry("bpf_map_pop_elem", MapHelpers::pop),
            entry("bpf_map_peek_elem", MapHelpers::peek),
            entry("bpf_for_each_map_elem", MapHelpers::forEach),
            entry("bpf_copy_from_buffer", CompressorHelpers::copyFromBuffer),
            entry("bpf_lzo_compress", CompressorHelpers::lzoCompress),
            entry("bpf_get_current_pid_tgid", TaskHelpers::pidTgid),
            entry("bpf_get_current_uid_gid", TaskHelpers::uidGid),
            entry("bpf_get_current_comm", TaskHelpers::comm),
            entry("bpf_get_current_task", TaskHelpers::task),
            entry("bpf_get_current_task_btf", TaskHelpers::taskPointer),
            entry("bpf_ktime_get_ns", ClockHelpers::monotonic),
            entry("bpf_ktime_get_boot_ns", ClockHelpers::boot),
            entry("bpf_ktime_get_coarse_ns", ClockHelpers::coarse),
            entry("bpf_ktime_get_tai_ns", ClockHelpers::tai),
            entry("bpf_jiffies64", ClockHelpers::jiffies),
            entry("bpf_get_prandom_u32", CpuHelpers::random),
            entry("bpf_get_smp_processor_id", CpuHelpers::processor),
            entry("bpf_get_numa_node_id", CpuHelpers::node),
            entry("bpf_loop", ControlHelpers::loop),
            entry("bpf_tail_call", ControlHelpers::tailCall),
            entry("bpf_strtol", StringHelpers::toLong),
            entry("bpf_strtoul", StringHelpers::toUnsignedLong),
            entry("bpf_strncmp", StringHelpers::compare),
            entry("bpf_trace_printk", PrintHelpers::tracePrintk),
            entry("bpf_trace_vprintk", PrintHelpers::traceVprintk),
            entry("bpf_snprintf", PrintHelpers::snprintf),
            entry("bpf_probe_read", ProbeHelpers::any),
            entry("bpf_probe_read_str", ProbeHelpers::anyString),
            entry("bpf_probe_read_kernel", ProbeHelpers::kernel),
            entry("bpf_probe_read_kernel_str", ProbeHelpers::kernelString),
            entry("bpf_probe_read_user", ProbeHelpers::user),
            entry("bpf_probe_read_user_str", ProbeHelpers::user),
            entry("bpf_override_return", ProbeHelpers::overrideReturn),
            entry("bpf_ringbuf_output", RingBufferHelpers::output),
            entry("bpf_ringbuf_reserve", RingBufferHelpers::reserve),
            entry("bpf_ringbuf_submit", RingBufferHelpers::submit),
            entry("bpf_ringbuf_discard", RingBufferHelpers::discard),
            entry("bpf_ringbuf_query", RingBufferHelpers::query));

    private Implementations() {
    }

    /** The names of all of them. */
    public static Set<String> names() {
        return BY_NAME.keySet();
    }

    /** What the helper of that name does, or null where the specification does not have it. */
    public static @Nullable HelperFunction of(String name) {
        return BY_NAME.get(name);
    }

    /**
     * The prototype of the helper that a program calls by the number, where the numbers of the compressor's two are the reading's; null where no
     * helper has it. An implemented helper with several prototypes has the same number of arguments in all.
     */
    public static @Nullable HelperPrototype prototype(int number, HelperReading reading) {
        if (number == reading.copyFromBuffer()) {
            return Helpers.prototypes(Helpers.COPY_FROM_BUFFER).getFirst();
        }
        if (number == reading.lzoCompress()) {
            return Helpers.prototypes(Helpers.LZO_COMPRESS).getFirst();
        }
        boolean moved = number == Helpers.COPY_FROM_BUFFER || number == Helpers.LZO_COMPRESS;
        return moved || Helpers.prototypes(number).isEmpty() ? null : Helpers.prototypes(number).getFirst();
    }
}
