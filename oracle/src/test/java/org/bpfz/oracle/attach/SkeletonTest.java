package org.bpfz.oracle.attach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.bpfz.loader.BpfObject;
import org.bpfz.loader.KernelTarget;
import org.bpfz.loader.api.LoadedObject;
import org.bpfz.loader.gen.Skeleton;
import org.bpfz.oracle.model.Engines;
import org.bpfz.spec.bpf.BpfSystemCall;
import org.bpfz.spec.engine.Task;
import org.bpfz.spec.engine.TraceSink;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Classes that are written for objects compile, and do what their methods say. */
class SkeletonTest {
    private static final Path TRACING = Path.of("..", "examples", "tracing");

    @TempDir
    private static Path folder;

    private static ClassLoader classes;

    /** One run of the compiler for all objects of the examples. */
    @BeforeAll
    static void compile() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("-d", folder.toString(), "-cp",
                System.getProperty("java.class.path"), "-proc:none", "-Xlint:all,-options,-path,-processing,-classfile",
                "-Werror"));
        List<Path> objects = new ArrayList<>();
        for (Path where : List.of(TRACING, TRACING.getParent())) {
            try (Stream<Path> files = Files.list(where)) {
                objects.addAll(files.filter(file -> file.toString().endsWith(".bpf.o")).toList());
            }
        }
        for (Path object : objects) {
            Path source = folder.resolve(Skeleton.classNameOf(object.toString()) + ".java");
            Files.writeString(source, Skeleton.of(BpfObject.open(object), Files.readAllBytes(object), null, null));
            arguments.add(source.toString());
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertEquals(0, compiler.run(null, null, null, arguments.toArray(String[]::new)));
        assertTrue(objects.size() >= 12, objects.size() + " objects");
        classes = new URLClassLoader(new URL[]{folder.toUri().toURL()}, SkeletonTest.class.getClassLoader());
    }

    private static Object call(Object on, String name, Object... arguments) throws ReflectiveOperationException {
        for (Method method : on.getClass().getMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
                return method.invoke(on, arguments);
            }
        }
        throw new NoSuchMethodException(name);
    }

    private static Object open(String name) throws ReflectiveOperationException {
        return Class.forName(name, true, classes).getMethod("open").invoke(null);
    }

    private static TracedKernel kernel() {
        return new TracedKernel(KernelProfile.linux612(), Engines.named(Engines.SPECIFICATION), TraceSink.NONE);
    }

    @Test
    void variablesAreSetBeforeAndAfterLoading() throws Exception {
        BpfSystemCall door = kernel().door();
        try (AutoCloseable limits = (AutoCloseable) call(call(open("Limits"), "setStats", 5), "load", door)) {
            Object bss = call(limits, "bss");
            assertEquals(5, call(bss, "stats"));
            call(bss, "setStats", 6);
            assertEquals(6, call(bss, "stats"));
            assertNotNull(call(call(limits, "programs"), "limits"));
        }
    }

    @Test
    void attachedProgramsWriteGlobals() throws Exception {
        TracedKernel kernel = kernel();
        KernelTarget target = kernel.profile().target();
        Object opened = call(open("Moved"), "on", target);
        try (AutoCloseable moved = (AutoCloseable) call(opened, "load", kernel.door())) {
            call(moved, "attach");
            long task = kernel.memory().create("task_struct");
            kernel.memory().set(task, "task_struct", "pid", 4242);
            kernel.call("__set_task_comm", Task.INIT, 0, () -> 0, task, 0, 0);
            assertEquals(4242L, call(call(moved, "bss"), "pid"));
            assertEquals(6 << 16 | 12 << 8, call(call(moved, "kconfig"), "LINUX_KERNEL_VERSION"));
            LoadedObject loaded = (LoadedObject) call(moved, "loaded");
            assertEquals(2, loaded.programs().size());
        }
        assertTrue(kernel.links().isEmpty());
    }
}
