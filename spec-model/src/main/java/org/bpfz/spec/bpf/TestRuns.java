package org.bpfz.spec.bpf;

import java.util.Arrays;
import org.bpfz.spec.Errno;
import org.bpfz.spec.bpf.BpfFile.OfProgram;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.ContextLayout;
import org.bpfz.spec.program.ProgramType;

/**
 * BPF_PROG_TEST_RUN of the types that the model can run by themselves: syscall, raw tracepoint, and programs on packets without a context of
 * their own (net/bpf/test_run.c, kernel/trace/bpf_trace.c). The other types answer ENOTSUPP, as those do that have no test run in 6.12.
 */
final class TestRuns {
    /** Offsets of what is written back. */
    private static final int RETVAL = 4;
    private static final int DATA_SIZE_OUT = 12;
    private static final int DURATION = 36;
    private static final int CTX_SIZE_OUT = 44;

    /** Offsets in struct __sk_buff. */
    private static final int LENGTH = 0;
    private static final int PROTOCOL = 16;

    private static final int ETHERNET_HEADER = 14;
    /** A page without NET_SKB_PAD + NET_IP_ALIGN in front and struct skb_shared_info behind. */
    private static final int MAX_PACKET = 4096 - 64 - 320;
    private static final int MAX_CONTEXT = 0xffff;
    private static final int MAX_ARGUMENTS = 12 * Long.BYTES;
    private static final int ON_CPU = 1;

    private final BpfState state;

    TestRuns(BpfState state) {
        this.state = state;
    }

    int run(Attr.TestRun attr, AttrOutput output) throws BpfException {
        if ((attr.ctxSizeIn() == 0) != (attr.ctxIn() == 0) || (attr.ctxSizeOut() == 0) != (attr.ctxOut() == 0)) {
            throw new BpfException(Errno.EINVAL, "a context without a size, or a size without a context");
        }
        OfProgram program = state.get(attr.progFd(), OfProgram.class);
        ProgramType type = program.executable().image().type();
        return switch (type) {
            case SYSCALL -> {
                boolean plain = attr.repeat() == 0 && attr.flags() == 0;
                yield runContext(program, attr, output, plain, MAX_CONTEXT);
            }
            case RAW_TRACEPOINT -> {
                boolean plain = attr.repeat() == 0 && ((attr.flags() & ON_CPU) != 0 || attr.cpu() == 0);
                yield runContext(program, attr, output, plain, MAX_ARGUMENTS);
            }
            case SOCKET_FILTER, SCHED_CLS, SCHED_ACT, XDP -> runPacket(program, attr, output);
            default -> throw new BpfException(Errno.ENOTSUPP, "no test run of this type of program");
        };
    }

    private int runContext(OfProgram program, Attr.TestRun attr, AttrOutput output, boolean plain, int limit)
            throws BpfException {
        boolean taken = plain && attr.dataIn() == 0 && attr.dataOut() == 0 && attr.ctxOut() == 0
                && attr.duration() == 0 && attr.batchSize() == 0;
        if (!taken || Integer.compareUnsigned(attr.ctxSizeIn(), limit) > 0) {
            throw new BpfException(Errno.EINVAL, "what this type of program does not take");
        }
        byte[] context = state.read(attr.ctxIn(), attr.ctxSizeIn());
        boolean syscall = program.executable().image().type() == ProgramType.SYSCALL;
        // A context that is shorter than what the program looks at is EINVAL in the kernel (max_ctx_offset), and a fault here.
        Executable.Timing timing = program.executable().repeat(Invocation.context(context).build(), 1);
        requireNoFault(timing);
        if (syscall && context.length > 0) {
            state.write(attr.ctxIn(), timing.last().context().toArray());
        }
        output.putInt(RETVAL, (int) timing.last().r0());
        return 0;
    }

    private static void requireNoFault(Executable.Timing timing) throws BpfException {
        if (timing.last().fault() != null) {
            throw new BpfException(Errno.EINVAL, timing.last().fault().explain());
        }
    }

    private int runPacket(OfProgram program, Attr.TestRun attr, AttrOutput output) throws BpfException {
        if (attr.flags() != 0 || attr.cpu() != 0 || attr.batchSize() != 0) {
            throw new BpfException(Errno.EINVAL, "flags that this type of program does not take");
        }
        if (Integer.compareUnsigned(attr.dataSizeIn(), ETHERNET_HEADER) < 0
                || Integer.compareUnsigned(attr.dataSizeIn(), MAX_PACKET) > 0) {
            throw new BpfException(Errno.EINVAL, "no packet is that short or long");
        }
        byte[] packet = state.read(attr.dataIn(), attr.dataSizeIn());
        ProgramType type = program.executable().image().type();
        byte[] context = new byte[ContextLayout.of(type).size()];
        if (attr.ctxSizeIn() != 0) {
            for (byte each : state.read(attr.ctxIn(), attr.ctxSizeIn())) {
                if (each != 0) {
                    throw new BpfException(Errno.EINVAL, "a context of its own is not modelled");
                }
            }
        }
        // A socket filter sees what is behind the Ethernet header (is_l2 in bpf_prog_test_run_skb).
        int header = type == ProgramType.SOCKET_FILTER ? ETHERNET_HEADER : 0;
        if (type != ProgramType.XDP) {
            // What convert_ctx_access reads of the buffer that was made of the frame.
            LittleEndian.put(context, LENGTH, Integer.BYTES, packet.length - header);
            System.arraycopy(packet, ETHERNET_HEADER - 2, context, PROTOCOL, 2);
        }
        int times = Math.max(1, attr.repeat());
        Executable.Timing timing = program.executable().repeat(
                Invocation.context(context).packet(Arrays.copyOfRange(packet, header, packet.length)).build(), times);
        requireNoFault(timing);
        byte[] after = timing.last().packet().toArray();
        byte[] whole = new byte[header + after.length];
        System.arraycopy(after, 0, whole, header, after.length);
        finish(attr, output, whole, timing);
        if (attr.ctxOut() != 0) {
            byte[] out = Arrays.copyOf(context, Math.min(context.length, attr.ctxSizeOut()));
            state.write(attr.ctxOut(), out);
            output.putInt(CTX_SIZE_OUT, context.length);
        }
        return 0;
    }

    /** bpf_test_finish. */
    private void finish(Attr.TestRun attr, AttrOutput output, byte[] packet, Executable.Timing timing)
            throws BpfException {
        boolean cut = attr.dataSizeOut() != 0 && Integer.compareUnsigned(attr.dataSizeOut(), packet.length) < 0;
        if (attr.dataOut() != 0) {
            state.write(attr.dataOut(), cut ? Arrays.copyOf(packet, attr.dataSizeOut()) : packet);
        }
        output.putInt(DATA_SIZE_OUT, packet.length);
        output.putInt(RETVAL, (int) timing.last().r0());
        output.putInt(DURATION, (int) Math.min(Integer.MAX_VALUE, timing.nanos() / timing.times()));
        if (cut) {
            throw new BpfException(Errno.ENOSPC, "a packet that does not fit");
        }
    }
}
