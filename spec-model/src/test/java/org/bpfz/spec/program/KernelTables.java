package org.bpfz.spec.program;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bpfz.spec.peer.KernelSource;
import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

/** The kernel's own tables: its C code, cut from the source when the test runs, compiled by gcc and called from here. */
final class KernelTables {
    private static @Nullable KernelTables instance;

    private final SymbolLookup symbols;
    private final Arena arena = Arena.global();
    private final Map<String, MethodHandle> handles = new HashMap<>();
    private final List<String> constants;
    private final MethodHandle granted;
    private final MethodHandle access;

    @SuppressWarnings("restricted")
    private KernelTables(Path library, List<String> constants) {
        symbols = SymbolLookup.libraryLookup(library, arena);
        this.constants = constants;
        granted = handle("entry_granted", ADDRESS, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, ADDRESS, JAVA_INT);
        access = handle("entry_access", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
                JAVA_INT);
    }

    /** The tables, made once; skips the calling test, saying so, where the kernel's source or gcc is missing. */
    static synchronized KernelTables assumed() throws IOException, InterruptedException {
        if (instance == null) {
            KernelSource source = KernelSource.find().orElse(null);
            String missing = source == null ? KernelSource.MISSING : "no gcc here: apt-get install gcc libc6-dev";
            if (source == null || !hasGcc()) {
                System.out.println("skipped: " + missing);
                throw new TestAbortedException(missing);
            }
            instance = load(source);
        }
        return instance;
    }

    private static KernelTables load(KernelSource source) throws IOException, InterruptedException {
        List<String> constants = constants();
        String text = new KernelCuts(source, constants).fill(template());
        Path folder = Files.createTempDirectory("bpfz-tables");
        Path file = Files.writeString(folder.resolve("kernel_tables.c"), text);
        Path library = folder.resolve("libkernel_tables.so");
        Process gcc = new ProcessBuilder("gcc", "-w", "-O1", "-shared", "-fPIC", "-o", library.toString(),
                file.toString()).redirectErrorStream(true).start();
        String output = new String(gcc.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (gcc.waitFor() != 0) {
            throw new IOException("what was cut does not compile: " + output);
        }
        KernelTables tables = new KernelTables(library, constants);
        Files.delete(library);
        Files.delete(file);
        Files.delete(folder);
        return tables;
    }

    /** The value of a constant that {@link #load} was asked for. */
    long constant(String name) throws Throwable {
        return (long) handle("entry_constant", JAVA_LONG, JAVA_INT).invokeExact(constants.indexOf(name));
    }

    /** The helper's name, or null where the kernel has no such number. */
    @Nullable
    String helper(int number) throws Throwable {
        return string((MemorySegment) handle("entry_helper", ADDRESS, JAVA_INT).invokeExact(number));
    }

    /** The name of the prototype by that index, or null behind the last. */
    @Nullable
    String prototypeName(int index) throws Throwable {
        return string((MemorySegment) handle("entry_prototype_name", ADDRESS, JAVA_INT).invokeExact(index));
    }

    long prototypeField(int index, int field) throws Throwable {
        return (long) handle("entry_prototype_field", JAVA_LONG, JAVA_INT, JAVA_INT).invokeExact(index, field);
    }

    @Nullable
    String prototypeStruct(int index, int position) throws Throwable {
        return string((MemorySegment) handle("entry_prototype_struct", ADDRESS, JAVA_INT, JAVA_INT).invokeExact(index,
                position));
    }

    /** The name of the prototype that get_func_proto returns, or null. */
    @Nullable
    String granted(ProgramTraits traits, int number) throws Throwable {
        try (Arena call = Arena.ofConfined()) {
            return string((MemorySegment) granted.invokeExact(traits.type().number(), attach(traits),
                    mask(traits.capabilities()), traits.sleepable() ? 1 : 0, call.allocateFrom(target(traits)),
                    number));
        }
    }

    /** The register type that is_valid_access lets a load yield, or -1. */
    int access(ProgramTraits traits, int offset, int width, boolean write, boolean signExtend) throws Throwable {
        return (int) access.invokeExact(traits.type().number(), attach(traits), mask(traits.capabilities()), offset,
                width, write ? 1 : 0, signExtend ? 1 : 0);
    }

    /** Calls an entry that takes and returns ints. */
    int call(String entry, int... arguments) throws Throwable {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        Arrays.fill(layouts, JAVA_INT);
        return (int) handle(entry, JAVA_INT, layouts)
                .invokeWithArguments(Arrays.stream(arguments).boxed().toList());
    }

    /** What check_return_code asks for: least and greatest in the halves; Long.MAX_VALUE: any number, minus 1: nothing, minus 2: an error. */
    long returns(ProgramTraits traits) throws Throwable {
        try (Arena call = Arena.ofConfined()) {
            return (long) handle("entry_returns", JAVA_LONG, JAVA_INT, JAVA_INT, ADDRESS)
                    .invokeExact(traits.type().number(), attach(traits), call.allocateFrom(target(traits)));
        }
    }

    /** Whether the prototype's allowed() lets the program use it. */
    boolean permitted(int index, ProgramTraits traits) throws Throwable {
        try (Arena call = Arena.ofConfined()) {
            return (int) handle("entry_permitted", JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS).invokeExact(index,
                    traits.type().number(), attach(traits), call.allocateFrom(target(traits))) != 0;
        }
    }

    @Nullable
    String lsmHook(int index) throws Throwable {
        return string((MemorySegment) handle("entry_lsm_hook", ADDRESS, JAVA_INT).invokeExact(index));
    }

    /** What libbpf, and so bpftool, calls a program type (kind 0), an attach type (1) or a map type (2). */
    @Nullable
    String typeName(int kind, int number) throws Throwable {
        return string((MemorySegment) handle("entry_type_name", ADDRESS, JAVA_INT, JAVA_INT).invokeExact(kind, number));
    }

    @Nullable
    String section(int index) throws Throwable {
        return string((MemorySegment) handle("entry_section", ADDRESS, JAVA_INT).invokeExact(index));
    }

    private static int attach(ProgramTraits traits) {
        AttachType type = traits.attachType();
        return type == null ? 0 : type.number();
    }

    private static String target(ProgramTraits traits) {
        String target = traits.attachTarget();
        return target == null ? "" : target;
    }

    private static long mask(Set<Capability> capabilities) {
        long mask = 0;
        for (Capability capability : capabilities) {
            mask |= 1L << capability.number();
        }
        return mask;
    }

    @SuppressWarnings("restricted")
    private static @Nullable String string(MemorySegment address) {
        return address.address() == 0 ? null : address.reinterpret(256).getString(0);
    }

    @SuppressWarnings("restricted")
    private MethodHandle handle(String name, MemoryLayout result, MemoryLayout... arguments) {
        return handles.computeIfAbsent(name, entry -> Linker.nativeLinker()
                .downcallHandle(symbols.findOrThrow(entry), FunctionDescriptor.of(result, arguments)));
    }

    private static boolean hasGcc() throws InterruptedException {
        try {
            return new ProcessBuilder("gcc", "--version").redirectOutput(ProcessBuilder.Redirect.DISCARD).start()
                    .waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static String template() throws IOException {
        try (InputStream in = KernelTables.class.getResourceAsStream("kernel_tables.c")) {
            if (in == null) {
                throw new IOException("no resource kernel_tables.c");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static List<ProgramType> ruledTypes() {
        return linux(ProgramType.values(), ProgramType.COMPRESSOR).stream().filter(type -> type != ProgramType.UNSPEC)
                .toList();
    }

    /** What Linux has without the assignment. */
    static <E extends Enum<E>> List<E> linux(E[] values, E ours) {
        return Arrays.stream(values).filter(value -> value != ours).toList();
    }

    private static List<String> constants() {
        Stream<String> pointers = Stream.of(ContextPointer.values()).filter(
                pointer -> !EnumSet.of(ContextPointer.NONE, ContextPointer.TRUSTED, ContextPointer.BY_BTF)
                        .contains(pointer))
                .map(pointer -> "PTR_TO_" + pointer.name());
        return Stream.of(Stream.of(ProgramType.values()).map(ProgramType::kernelName),
                Stream.of(AttachType.values()).map(AttachType::kernelName),
                Stream.of(MapType.values()).map(MapType::kernelName),
                Stream.of(MapFlag.values()).map(MapFlag::kernelName),
                Stream.of(Capability.values()).map(Capability::kernelName),
                Stream.of(ArgKind.values()).map(ArgKind::kernelName),
                Stream.of(ReturnKind.values()).map(ReturnKind::kernelName),
                Stream.of(TypeFlag.values()).map(TypeFlag::name), pointers,
                Stream.of("SCALAR_VALUE", "PTR_TO_BTF_ID", "__MAX_BPF_PROG_TYPE", "__MAX_BPF_ATTACH_TYPE",
                        "__MAX_BPF_MAP_TYPE"))
                .flatMap(names -> names).distinct().filter(name -> !name.endsWith("COMPRESSOR")).toList();
    }
}
