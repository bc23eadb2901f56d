package org.bpfz.oracle.attach;

import java.util.Map;
import org.bpfz.oracle.attach.KernelCopies.Copy;
import org.bpfz.oracle.attach.Workload.SystemCall;
import org.bpfz.spec.memory.LittleEndian;
import org.jspecify.annotations.Nullable;

/**
 * A system call as programs see it: it is entered, the kernel copies, it returns (do_syscall_64 and syscall_trace_enter in
 * arch/x86/entry/common.c and kernel/entry/common.c).
 */
final class CallEvents {
    private static final String REGISTERS = "pt_regs";
    private static final String[] ARGUMENTS = {"di", "si", "dx", "r10", "r8", "r9"};

    private final TracedKernel kernel;

    CallEvents(TracedKernel kernel) {
        this.kernel = kernel;
    }

    /** Lets a call happen again. */
    void run(SystemCall event) {
        String name = SystemCalls.name(event.call());
        Integer number = SystemCalls.number(name);
        if (number == null) {
            copy(event);
            return;
        }
        KernelObjects memory = kernel.memory();
        long[] arguments = SystemCalls.arguments(event.call());
        long registers = memory.create(REGISTERS);
        memory.set(registers, REGISTERS, "orig_ax", number);
        byte[] bytes = new byte[Long.BYTES * arguments.length];
        for (int i = 0; i < arguments.length; i++) {
            memory.set(registers, REGISTERS, ARGUMENTS[i], arguments[i]);
            LittleEndian.put(bytes, Long.BYTES * i, Long.BYTES, arguments[i]);
        }
        try {
            tell(event, "raw_syscalls/sys_enter", Map.of("id", (long) number), bytes, registers, number);
            tell(event, "syscalls/sys_enter_" + name, Map.of("__syscall_nr", (long) number), bytes);
            KernelProfile profile = kernel.profile();
            long result = kernel.call(profile.function(name), event.task(), event.cpu(), () -> {
                copy(event);
                return event.result();
            }, profile.wrapsCalls() ? new long[]{registers} : arguments);
            memory.set(registers, REGISTERS, "ax", result);
            tell(event, "raw_syscalls/sys_exit", Map.of("id", (long) number, "ret", result), null, registers, result);
            tell(event, "syscalls/sys_exit_" + name, Map.of("__syscall_nr", (long) number, "ret", result), null);
        } finally {
            memory.free(registers);
        }
    }

    private void tell(SystemCall event, String tracepoint, Map<String, Long> values,
            byte @Nullable [] arguments, long... raw) {
        kernel.tell(tracepoint, event.task(), event.cpu(), point -> {
            byte[] record = point.record(values);
            if (arguments != null) {
                point.put(record, "args", arguments);
            }
            return record;
        }, raw);
    }

    private void copy(SystemCall event) {
        for (Copy copy : KernelCopies.of(event.call(), event.result(), event.runs())) {
            kernel.call("memcpy", event.task(), event.cpu(), copy::to, copy.to(), copy.from(), copy.size());
        }
    }
}
