package org.bpfz.proofs.lift;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bpfz.proofs.kernel.KernelFunctions;
import org.bpfz.proofs.term.Term;
import org.bpfz.proofs.term.Terms;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the lifter of LLVM's language trusts: each instruction that it knows, and each of LLVM's functions, against what clang makes of the same text,
 * on 100,000 inputs. Poison and undefined behaviour are kept out by the samples.
 */
class LlvmDifferentialTest {
    private static final String CLANG = "clang-19";
    /** Reads and writes two buffers' words: of pointers the lifter knows parameters and constant offsets. */
    private static final String MEMORY = """
            define i64 @memory(ptr %0, ptr %1, i64 %2) {
              %a = load i64, ptr %0, align 8
              %p = getelementptr inbounds i8, ptr %0, i64 8
              %b = load i64, ptr %p, align 8
              %c = icmp slt i64 %a, %2
              br i1 %c, label %yes, label %no
            yes:
              store i64 %b, ptr %1, align 8
              store i64 %2, ptr %p, align 8
              br label %no
            no:
              %q = getelementptr i8, ptr %p, i64 -8
              %d = load i64, ptr %1, align 8
              store i64 %d, ptr %q, align 8
              %e = load i64, ptr %p, align 8
              ret i64 %e
            }
            """;
    private static final List<String> WORDS = List.of("0+0", "0+8", "1+0");

    private static String symbol(int number) {
        return "f" + number;
    }

    private static String module(Map<String, String> bodies) {
        StringBuilder text = new StringBuilder(MEMORY);
        int number = 0;
        for (String body : bodies.values()) {
            text.append("define i64 @").append(symbol(number++)).append("(i64 %0, i64 %1, i64 %2) {\n").append(body)
                    .append("}\n");
        }
        return text.toString();
    }

    /** Compiles without optimising: each instruction is to be run. */
    private static Path compile(Path folder, String module) throws IOException, InterruptedException {
        assumeTrue(KernelFunctions.has(CLANG), CLANG + " is missing: LLVM's instructions are not compared");
        Path source = Files.writeString(folder.resolve("samples.ll"), module);
        Path library = folder.resolve("libsamples.so");
        Process process = new ProcessBuilder(CLANG, "-O0", "-w", "-shared", "-fPIC", "-o", library.toString(),
                source.toString()).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), output);
        return library;
    }

    @TestFactory
    @SuppressWarnings("restricted") // code of our own is called
    Stream<DynamicTest> instructions(@TempDir Path folder) throws IOException, InterruptedException {
        Map<String, String> bodies = LlvmSamples.bodies();
        String text = module(bodies);
        Path library = compile(folder, text);
        LlvmModule module = LlvmModule.parse(text);
        // The arena lives as long as the tests that are made here.
        SymbolLookup symbols = SymbolLookup.libraryLookup(library, Arena.ofAuto());
        List<DynamicTest> tests = new ArrayList<>();
        for (String name : bodies.keySet()) {
            String symbol = symbol(tests.size());
            tests.add(DynamicTest.dynamicTest(name, () -> compare(symbols, module, symbol)));
        }
        tests.add(DynamicTest.dynamicTest("memory", () -> compareMemory(symbols, module)));
        return tests.stream();
    }

    @SuppressWarnings("restricted") // as above
    private static MethodHandle handle(SymbolLookup symbols, String name, ValueLayout... parameters) {
        return Linker.nativeLinker().downcallHandle(symbols.find(name).orElseThrow(),
                FunctionDescriptor.of(ValueLayout.JAVA_LONG, parameters));
    }

    private static void compare(SymbolLookup symbols, LlvmModule module, String symbol) throws Throwable {
        Terms t = new Terms();
        List<Term> variables = Differential.variables(t, List.of("J", "J", "J"));
        LlvmLifter.Lifted lifted = LlvmLifter.lift(t, module, symbol, Collections.unmodifiableList(variables),
                Map.of());
        MethodHandle real = handle(symbols, symbol, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
                ValueLayout.JAVA_LONG);
        Differential.compare(words -> (long) real.invokeExact(words[0], words[1], words[2]),
                Objects.requireNonNull(lifted.result()), t.bool(false), variables);
    }

    private static void compareMemory(SymbolLookup symbols, LlvmModule module) throws Throwable {
        Terms t = new Terms();
        List<Term> variables = Differential.variables(t, List.of("J", "J", "J", "J"));
        Map<String, Term> before = new LinkedHashMap<>();
        WORDS.forEach(word -> before.put(word, variables.get(before.size())));
        List<Term> args = new ArrayList<>(Collections.nCopies(2, null));
        args.add(variables.get(3));
        LlvmLifter.Lifted lifted = LlvmLifter.lift(t, module, "memory", args, before);
        MethodHandle real = handle(symbols, "memory", ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocate(16, 8);
            MemorySegment other = arena.allocate(8, 8);
            for (int i = -1; i < WORDS.size(); i++) {
                int place = i;
                Term said = i < 0 ? Objects.requireNonNull(lifted.result()) : lifted.memory().get(WORDS.get(i));
                Differential.compare(words -> {
                    one.set(ValueLayout.JAVA_LONG, 0, words[0]);
                    one.set(ValueLayout.JAVA_LONG, 8, words[1]);
                    other.set(ValueLayout.JAVA_LONG, 0, words[2]);
                    long result = (long) real.invokeExact(one, other, words[3]);
                    return switch (place) {
                        case 0 -> one.get(ValueLayout.JAVA_LONG, 0);
                        case 1 -> one.get(ValueLayout.JAVA_LONG, 8);
                        case 2 -> other.get(ValueLayout.JAVA_LONG, 0);
                        default -> result;
                    };
                }, said, t.bool(false), variables);
            }
        }
    }

    @Test
    void everythingThatIsUnderstoodIsCompared() {
        Set<String> left = new TreeSet<>(LlvmLifter.names());
        LlvmSamples.bodies().keySet().forEach(name -> left.remove(name.replaceFirst("/.*", "")));
        List.of("load", "store", "getelementptr").forEach(name -> {
            assertTrue(MEMORY.contains(name));
            left.remove(name);
        });
        assertEquals(Set.of(), left);
    }

    @TestFactory
    Stream<DynamicTest> whatIsNotUnderstoodIsRefused() {
        return Stream.of("%r = fadd double 1.0, 2.0", "%r = alloca i64", "%r = call i64 @llvm.bswap.i64(i64 %0)",
                "%r = icmp foo i64 %0, 1", "%r = ptrtoint ptr %0 to i64", "%r = load i32, ptr %0",
                "%r = call i64 @llvm.fshl.i64(i64 %0, i64 %0, i64 %0)", "fence seq_cst", "store i32 1, ptr %0",
                "%r = udiv <2 x i64> %0, %0", "%r = atomicrmw add ptr %0, i64 1 seq_cst")
                .map(line -> DynamicTest.dynamicTest(line, () -> {
                    LlvmModule module = LlvmModule
                            .parse("define i64 @f(i64 %0) {\n  " + line + "\n  ret i64 0\n}\n");
                    Terms t = new Terms();
                    assertThrows(LiftException.class,
                            () -> LlvmLifter.lift(t, module, "f", List.of(t.variable("a", 64)), Map.of()));
                }));
    }
}
