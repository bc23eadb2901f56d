package org.bpfz.oracle.qemu;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.bpfz.spec.btf.Btf;
import org.bpfz.spec.btf.BtfRules;
import org.bpfz.spec.btf.BtfType;
import org.bpfz.spec.btf.MalformedBtf;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.program.AttachType;
import org.bpfz.spec.program.Helpers;
import org.bpfz.spec.program.ProgramType;
import org.jspecify.annotations.Nullable;

/**
 * The numbers that a submission has chosen, as far as they can differ: found in the kernel's own types, or said by whoever grades.
 *
 * @param types          the kernel's BTF; null if it has none
 * @param programType    of BPF_PROG_TYPE_COMPRESSOR
 * @param attachType     of BPF_COMPRESSOR
 * @param getStats       the system call's number
 * @param resetStats     the system call's number
 * @param copyFromBuffer the helper's number
 * @param lzoCompress    the helper's number
 */
public record KernelFacts(@Nullable Btf types, OptionalInt programType, OptionalInt attachType, int getStats,
        int resetStats, int copyFromBuffer, int lzoCompress) {
    /** The numbers that the text leaves open, where nothing else is said: the next free ones on 6.12. */
    public static final int GET_STATS = 463;
    public static final int RESET_STATS = 464;

    private static final String BTF_FILE = "/sys/kernel/btf/vmlinux";
    private static final int CALL = 0x85;
    private static final int SYS_READ = 0;
    private static final int SYS_OPEN = 2;
    private static final int SYS_CLOSE = 3;
    private static final int MAX_BTF = 16 << 20;
    /** The file gives away no more at once (fs/sysfs/file.c, sysfs_kf_bin_read). */
    private static final int PAGE = 4096;

    /**
     * What whoever grades says of moved numbers.
     *
     * @param syscalls numbers of get_compression_stats and reset_compression_stats; null to find out
     * @param helpers  numbers of bpf_copy_from_buffer and bpf_lzo_compress; null to find out
     */
    public record Moved(@Nullable List<Integer> syscalls, @Nullable List<Integer> helpers) {
        /** Nothing is said. */
        public static final Moved UNKNOWN = new Moved(null, null);
    }

    /** Reads the types of a kernel that runs. */
    public static KernelFacts of(VirtualMachine machine, Moved moved) throws IOException {
        KernelFacts facts = of(types(machine), moved);
        return moved.syscalls != null || !facts.hasCompressor() ? facts : facts.with(SyscallSearch.in(machine));
    }

    private KernelFacts with(List<Integer> syscalls) {
        return new KernelFacts(types, programType, attachType, syscalls.get(0), syscalls.get(1), copyFromBuffer,
                lzoCompress);
    }

    /** Looks the numbers up. */
    static KernelFacts of(@Nullable Btf types, Moved moved) {
        List<Integer> syscalls = moved.syscalls == null ? List.of(GET_STATS, RESET_STATS) : moved.syscalls;
        List<Integer> helpers = moved.helpers == null
                ? List.of(enumerator(types, "bpf_func_id", "BPF_FUNC_copy_from_buffer")
                        .orElse(Helpers.COPY_FROM_BUFFER),
                        enumerator(types, "bpf_func_id", "BPF_FUNC_lzo_compress").orElse(Helpers.LZO_COMPRESS))
                : moved.helpers;
        return new KernelFacts(types, enumerator(types, "bpf_prog_type", "BPF_PROG_TYPE_COMPRESSOR"),
                enumerator(types, "bpf_attach_type", "BPF_COMPRESSOR"), syscalls.get(0), syscalls.get(1),
                helpers.get(0), helpers.get(1));
    }

    private static @Nullable Btf types(VirtualMachine machine) throws IOException {
        Request request = new Request();
        long fd = request.zeroed(Long.BYTES);
        long bytes = request.reserve(MAX_BTF);
        int open = request.callKeeping(fd, Integer.BYTES, SYS_OPEN, new Request.Argument.Value(request.put(BTF_FILE)),
                new Request.Argument.Value(0));
        List<Integer> reads = new ArrayList<>();
        for (int at = 0; at < MAX_BTF; at += PAGE) {
            reads.add(request.callKeeping(0, 0, SYS_READ, new Request.Argument.At(fd),
                    new Request.Argument.Value(bytes + at), new Request.Argument.Value(PAGE)));
        }
        request.callKeeping(0, 0, SYS_CLOSE, new Request.Argument.At(fd));
        Answers answers = machine.call(request);
        if (answers.result(open) < 0) {
            return null;
        }
        long length = reads.stream().mapToLong(answers::result).filter(result -> result > 0).sum();
        Request content = new Request();
        int whole = content.peek(bytes, (int) length);
        try {
            return Btf.read(machine.call(content).bytes(whole), BtfRules.KERNEL);
        } catch (MalformedBtf e) {
            throw new IOException("the kernel's BTF can not be read: " + e.getMessage(), e);
        }
    }

    private static OptionalInt enumerator(@Nullable Btf types, String name, String value) {
        if (types == null) {
            return OptionalInt.empty();
        }
        for (int id : types.idsNamed(name)) {
            if (types.type(id) instanceof BtfType.Enum32 found) {
                for (BtfType.EnumValue each : found.values()) {
                    if (each.name().equals(value)) {
                        return OptionalInt.of((int) each.value());
                    }
                }
            }
        }
        return OptionalInt.empty();
    }

    /** Whether the kernel knows the new program type at all. */
    public boolean hasCompressor() {
        return programType.isPresent();
    }

    /** The BTF id of a kernel function, or one that no type has. */
    int function(String name) {
        OptionalInt id = types == null ? OptionalInt.empty() : types.find(BtfType.Func.class, name);
        return id.orElse(Integer.MAX_VALUE);
    }

    int number(ProgramType type) {
        return type == ProgramType.COMPRESSOR ? programType.orElse(type.number()) : type.number();
    }

    int number(@Nullable AttachType type) {
        if (type == null) {
            return 0;
        }
        return type == AttachType.COMPRESSOR ? attachType.orElse(type.number()) : type.number();
    }

    /** The instruction with the kernel's number of the helper that it calls. */
    RawInstruction moved(RawInstruction slot) {
        if (slot.opcode() != CALL || slot.src() != 0) {
            return slot;
        }
        int number = switch (slot.imm()) {
            case Helpers.COPY_FROM_BUFFER -> copyFromBuffer;
            case Helpers.LZO_COMPRESS -> lzoCompress;
            default -> slot.imm();
        };
        return new RawInstruction(slot.opcode(), slot.dst(), slot.src(), slot.offset(), number);
    }
}
