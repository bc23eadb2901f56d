package org.bpfz.benchmarks;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.isa.Encoder;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.RawInstruction;
import org.bpfz.spec.isa.Reg;
import org.bpfz.spec.isa.Source;
import org.bpfz.spec.isa.Width;
import org.bpfz.spec.live.LiveKernel;
import org.bpfz.spec.program.ProgramImage;
import org.bpfz.spec.program.ProgramType;

/** Something that runs a {@link Sample}: an engine of bpfz by its name, the running kernel's JIT, or C. */
abstract class Contender {
    /** The running kernel, asked by BPF_PROG_TEST_RUN, which takes the time itself. */
    static final String KERNEL = "kernel-jit";

    /** The same in C, by gcc -O2. */
    static final String C = "gcc-O2";

    private static final int ARRAY = 2;
    private static final int SHORTEST_PACKET = 64;

    /** So many runs. */
    abstract long run(int times) throws Exception;

    /** The names of those that there are. */
    static List<String> names() {
        List<String> names = new ArrayList<>();
        ServiceLoader.load(Engine.class).forEach(engine -> names.add(engine.name()));
        if (LiveKernel.unavailable() == null) {
            names.add(KERNEL);
        }
        if (NativeCode.hasCompiler()) {
            names.add(C);
        }
        return names;
    }

    static Contender of(String name, Sample sample) throws IOException {
        return switch (name) {
            case KERNEL -> kernel(sample.name(), sample.code());
            case C -> c(sample);
            default -> engine(name, sample.name(), sample.code(), sample.instructions());
        };
    }

    /** Who runs a straight line of so many instructions; there is no C of it. */
    static Contender of(String name, int instructions) throws IOException {
        String line = instructions + "_in_line";
        return name.equals(KERNEL)
                ? kernel(line, StraightLine.code(instructions))
                : engine(name, line, StraightLine.code(instructions), instructions);
    }

    /** Loads a program into a new environment of an engine; nothing is known of it. */
    static Executable load(String engine, String name, List<RawInstruction> program) {
        Engine found = ServiceLoader.load(Engine.class).stream().map(ServiceLoader.Provider::get)
                .filter(one -> one.name().equals(engine)).findFirst().orElseThrow();
        return found.open(Services.repeatable(1))
                .load(ProgramImage.builder(name, ProgramType.UNSPEC).code(program).build(), Facts.NONE);
    }

    private static Contender engine(String engine, String name, List<RawInstruction> code, long instructions) {
        Executable program = load(engine, name, code);
        Invocation invocation = Invocation.raw(Sample.memory()).budget(2 * instructions).build();
        return new Contender() {
            @Override
            long run(int times) {
                return program.repeat(invocation, times).last().r0();
            }
        };
    }

    /** The memory is the value of a map there, since a program of the kernel's can be given no other of that size. */
    private static Contender kernel(String name, List<RawInstruction> program) throws IOException {
        List<RawInstruction> code = new ArrayList<>(
                Encoder.encode(new Instruction.LoadImm64(Instruction.ImmKind.MAP_IDX_VALUE, Reg.R1, 0, 0)));
        code.addAll(Encoder.encode(new Instruction.Mov(Width.W64, 0, Reg.R2, Source.of(Sample.MEMORY))));
        code.addAll(program);
        LiveKernel.Descriptor map = LiveKernel.createMap(ARRAY, Integer.BYTES, Sample.MEMORY, 1, 0);
        LiveKernel.Loading loading = LiveKernel.load(
                LiveKernel.Request.of(ProgramType.SOCKET_FILTER, code).withLogLevel(0).withMaps(List.of(map)));
        LiveKernel.Descriptor loaded = loading.program();
        if (loaded == null) {
            throw new IOException("the kernel refuses " + name + ": " + loading.errno());
        }
        return new Contender() {
            @Override
            long run(int times) throws IOException {
                return LiveKernel.run(loaded, new byte[0], new byte[SHORTEST_PACKET], times).returned();
            }
        };
    }

    private static Contender c(Sample sample) throws IOException {
        MethodHandle function = NativeCode.sample(sample);
        MemorySegment memory = Arena.global().allocate(Sample.MEMORY);
        MemorySegment.copy(Sample.memory(), 0, memory, ValueLayout.JAVA_BYTE, 0, Sample.MEMORY);
        return new Contender() {
            @Override
            long run(int times) throws Exception {
                long result = 0;
                for (int i = 0; i < times; i++) {
                    result = call(function, memory);
                }
                return result;
            }
        };
    }

    private static long call(MethodHandle function, MemorySegment memory) throws Exception {
        try {
            return (long) function.invokeExact(memory);
        } catch (Exception | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
