package org.bpfz.spec.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.bpfz.spec.Bytes;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Result;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.isa.Decoder;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.Call;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.bpfz.spec.isa.Instruction.ImmKind;
import org.bpfz.spec.isa.Instruction.LoadImm64;
import org.bpfz.spec.isa.Program;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;

/**
 * The machine's kernel as an engine: BPF_PROG_TEST_RUN behind the interface that the specification has, for programs of type SYSCALL and for
 * those that take a packet. Its results have the low 32 bits of R0, no faults and no events.
 *
 * <p>What environments have created and loaded is the engine's to close.
 */
public final class LiveEngine implements Engine, AutoCloseable {
    private final List<AutoCloseable> open = new ArrayList<>();

    @Override
    public String name() {
        return "live";
    }

    @Override
    public Environment open(Services services) {
        return new LiveEnvironment(services);
    }

    @Override
    public void close() {
        for (AutoCloseable descriptor : open.reversed()) {
            try {
                descriptor.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** The kernel's verifier refuses a program; the message is the error's name and the log. */
    public static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private RefusedException(String message) {
            super(message);
        }
    }

    private final class LiveEnvironment implements Environment {
        private final Services services;
        private final List<LiveMap> maps = new ArrayList<>();

        LiveEnvironment(Services services) {
            this.services = services;
        }

        @Override
        public Services services() {
            return services;
        }

        @Override
        public BpfMap createMap(MapSpec spec) {
            try (LiveMap inner = spec.inner() == null ? null : LiveMap.create(spec.inner(), null)) {
                LiveMap map = LiveMap.create(spec, inner);
                open.add(map);
                maps.add(map);
                return map;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public List<BpfMap> maps() {
            return List.copyOf(maps);
        }

        @Override
        public Executable load(ProgramImage image, List<? extends BpfMap> bound, Facts facts) {
            List<LiveKernel.Descriptor> descriptors = bound.stream().map(map -> ((LiveMap) map).descriptor()).toList();
            LiveKernel.Loading loading = LiveKernel.load(LiveKernel.Request.of(image.type(), image.code())
                    .withMaps(descriptors).withFunctions(functions(image))
                    .withFlags(image.type() == ProgramType.SYSCALL ? LiveKernel.F_SLEEPABLE : 0));
            open.add(loading);
            LiveKernel.Descriptor program = loading.program();
            if (program == null) {
                throw new RefusedException(loading.errno() + "\n" + loading.log());
            }
            return new LiveProgram(program, image);
        }
    }

    /** The slots at which functions begin, if the address of one is taken. */
    private static List<Integer> functions(ProgramImage image) {
        Program program = Decoder.decode(image.code());
        SortedSet<Integer> slots = new TreeSet<>(List.of(0));
        boolean taken = false;
        for (int slot = 0; slot < program.slotCount(); slot = program.next(slot)) {
            Instruction instruction = program.at(slot);
            if (instruction instanceof LoadImm64 load && load.kind() == ImmKind.FUNC) {
                slots.add(slot + 1 + load.imm());
                taken = true;
            } else if (instruction instanceof Call(CallTarget.Local(int offset))) {
                slots.add(program.target(slot, offset));
            }
        }
        return taken ? List.copyOf(slots) : List.of();
    }

    private record LiveProgram(LiveKernel.Descriptor descriptor, ProgramImage image) implements Executable {
        @Override
        public int id() {
            return descriptor.fd();
        }

        @Override
        public Result run(Invocation invocation) {
            byte[] context = invocation.context().clone();
            byte[] packet = invocation.packet() == null ? new byte[0] : invocation.packet();
            try {
                LiveKernel.Run run = LiveKernel.run(descriptor, context, packet, 0);
                return new Result(Integer.toUnsignedLong(run.returned()), null, Bytes.of(context), Bytes.of(),
                        List.of());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Timing repeat(Invocation invocation, int times) {
            throw new UnsupportedOperationException("the kernel repeats no program of this type");
        }
    }
}
