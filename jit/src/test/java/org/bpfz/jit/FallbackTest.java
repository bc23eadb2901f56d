package org.bpfz.jit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.OperatorInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Executable;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Services;
import org.bpfz.spec.engine.contract.Trial;
import org.bpfz.spec.map.BpfMap;
import org.bpfz.spec.memory.LittleEndian;
import org.bpfz.spec.program.MapSpec;
import org.bpfz.spec.program.MapType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A class that the JVM does not accept is reported in the words of its verifier, and the interpreter takes over. */
class FallbackTest {
    private final List<String> reports = new ArrayList<>();
    private final Logger logger = Logger.getLogger("org.bpfz.jit");
    private final Handler listener = new Handler() {
        @Override
        public void publish(LogRecord entry) {
            reports.add(entry.getMessage());
        }

        @Override
        public void flush() {
            // Nothing is held back.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    @BeforeEach
    void listen() {
        logger.addHandler(listener);
        logger.setUseParentHandlers(false);
    }

    @AfterEach
    void stopListening() {
        logger.removeHandler(listener);
        logger.setUseParentHandlers(true);
    }

    /** Makes an addition of longs one of ints. */
    private static byte[] damaged(byte[] bytes) {
        ClassFile classFile = ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS);
        CodeTransform code = (builder, element) -> builder.with(isAddition(element)
                ? OperatorInstruction.of(Opcode.IADD)
                : element);
        return classFile.transformClass(classFile.parse(bytes), ClassTransform
                .transformingMethodBodies(method -> method.methodName().equalsString("function0"), code));
    }

    private static boolean isAddition(CodeElement element) {
        return element instanceof OperatorInstruction operator && operator.opcode() == Opcode.LADD;
    }

    private static JitEngine engine(UnaryOperator<byte[]> filter) {
        return new JitEngine(new JitOptions(null, false, filter));
    }

    private static Executable load(JitEngine engine, Trial trial) {
        return engine.open(Services.repeatable(1)).load(trial.images().getFirst(), Facts.NONE);
    }

    @Test
    void isTakenByTheInterpreter() {
        Trial trial = Trial.of("r0 = 5\nr0 += r0\nexit");
        Executable executable = load(engine(FallbackTest::damaged), trial);
        assertTrue(((JitProgram) executable).isInterpreted());
        assertEquals(10, executable.run(trial.invocation()).r0());
        assertEquals(1, reports.size());
        assertTrue(reports.getFirst().contains("program1") && reports.getFirst().contains("function0"),
                reports::getFirst);
    }

    @Test
    void isNotNeededForAProgramThatIsAccepted() {
        Trial trial = Trial.of("r0 = 5\nr0 += r0\nexit");
        Executable executable = load(engine(UnaryOperator.identity()), trial);
        assertFalse(((JitProgram) executable).isInterpreted());
        assertEquals(10, executable.run(trial.invocation()).r0());
        assertEquals(List.of(), reports);
    }

    @Test
    void isTakenByTheInterpreterFromWhoTailCallsIt() {
        Trial caller = Trial.of("r2 = map[idx:0]\nr3 = 0\ncall bpf_tail_call\nr0 = 1\nexit")
                .map(MapSpec.of("programs", MapType.PROG_ARRAY, 4, 4, 1)).program("r0 = 5\nr0 += r0\nexit")
                .context(new byte[8]);
        // Only the second has an addition.
        Environment environment = engine(FallbackTest::damagedIfItAdds)
                .open(Services.repeatable(1));
        List<BpfMap> maps = List.of(environment.createMap(caller.images().getFirst().maps().getFirst()));
        Executable first = environment.load(caller.images().getFirst(), maps, Facts.NONE);
        environment.load(caller.images().getLast(), maps, Facts.NONE);
        maps.getFirst().update(new byte[4], LittleEndian.bytes(2, 4), 0);
        assertFalse(((JitProgram) first).isInterpreted());
        assertEquals(10, first.run(caller.invocation()).r0());
    }

    private static byte[] damagedIfItAdds(byte[] bytes) {
        return ClassFile.of().parse(bytes).methods().stream().flatMap(method -> method.code().stream())
                .anyMatch(code -> code.elementStream().anyMatch(FallbackTest::isAddition)) ? damaged(bytes) : bytes;
    }

    @Test
    void comesFromTheClassFileVerifierWhereThatIsAskedFor() {
        Trial trial = Trial.of("r0 = 5\nr0 += r0\nexit");
        JitEngine engine = new JitEngine(new JitOptions(null, true, FallbackTest::damaged));
        Executable executable = load(engine, trial);
        assertTrue(((JitProgram) executable).isInterpreted());
        assertEquals(10, executable.run(trial.invocation()).r0());
        assertTrue(reports.getFirst().contains("function0"), reports::getFirst);
    }

    @Test
    void leavesTheClassWhereItIsToBeDumped(@TempDir Path folder) throws IOException {
        Trial trial = Trial.of("r0 = 5\nexit");
        load(new JitEngine(new JitOptions(folder.resolve("new"), false, UnaryOperator.identity())), trial);
        Path file = folder.resolve("new").resolve("Program1_0.class");
        assertEquals(Set.of(), Set.copyOf(ClassFile.of().verify(file)));
        assertTrue(Files.size(file) > 100);
    }
}
