package org.bpfz.oracle.scenario;

import java.util.List;
import org.bpfz.oracle.syntax.CallText;
import org.bpfz.oracle.syntax.CallText.ResultText;
import org.bpfz.oracle.syntax.Value;
import org.bpfz.oracle.syntax.Value.Field;
import org.bpfz.spec.program.Hook;
import org.jspecify.annotations.Nullable;

/** One line of a scenario that does or expects something. */
public sealed interface Step {

    /** Where it stands, counted from 1. */
    int line();

    /**
     * {@code load lzo.bpf.o = -1 EINVAL}: every program of an object goes through BPF_PROG_LOAD.
     *
     * @param expected null where the loading must succeed
     */
    record Load(int line, int at, String object, @Nullable ResultText expected) implements Step {}

    /**
     * {@code program refuse verify licence="MIT" = -1 EINVAL}, instructions, {@code end}: a program written on the spot goes through
     * BPF_PROG_LOAD.
     *
     * @param expected null where the loading must succeed
     * @param code     its instructions, with their lines
     */
    record InlineProgram(int line, int at, String name, Hook hook, List<Field> attributes,
            @Nullable ResultText expected, String code) implements Step {}

    /**
     * {@code together}, calls and detaching, {@code end}: each task does its own steps in order, all tasks at once.
     *
     * @param steps of {@link Invoke} and {@link Detach}
     */
    record Together(int line, List<Step> steps) implements Step {
        public Together {
            steps = List.copyOf(steps);
        }
    }

    /**
     * {@code attach decide to bpf_compressor_decide as d = -1 EBUSY}.
     *
     * @param target   the kernel function; null for the one that the program's section names
     * @param link     what {@code detach} calls it; the program's name by default
     * @param expected null where attaching must succeed
     */
    record Attach(int line, int at, String program, @Nullable String target, String link,
            @Nullable ResultText expected) implements Step {}

    /** {@code detach d}: the last reference to the link goes. */
    record Detach(int line, int at, String link) implements Step {}

    /** {@code task p1 uid=1000 gid=1000}: one more process, with nothing open. */
    record TaskStep(int line, int at, String task, List<Field> attributes) implements Step {}

    /** {@code disk 1M}: how much the root file system holds. */
    record Disk(int line, int at, Value.Int size) implements Step {}

    /** {@code dir "/data" mode=01777}: a directory that was there before. */
    record Directory(int line, Value.Text path, List<Field> attributes) implements Step {}

    /** {@code file "/data/a" = lorem(100) mode=0644 uid=1000}: a file that was there before. */
    record ExistingFile(int line, Value.Text path, Value content, List<Field> attributes) implements Step {}

    /** {@code map policy[1000] = 1}: user space updates an element. */
    record MapUpdate(int line, int at, String map, Value key, Value value) implements Step {}

    /**
     * {@code p1: fd = openat(...) = 3}.
     *
     * @param variable what the result is called from here on; null if it is not named
     */
    record Invoke(int line, int at, String task, @Nullable String variable, CallText call) implements Step {}

    /** {@code expect verify(offset=0, size=10) = 12}: the next run of a program by the call above. */
    record ExpectRun(int line, int at, String hook, List<Field> arguments,
            @Nullable ResultText result) implements Step {}

    /** {@code expect no verify}: the call above ran no (further) program on the hook. */
    record ExpectNoRun(int line, int at, String hook) implements Step {}

    /** {@code expect signal SIGXFSZ}: the call above raised it. */
    record ExpectSignal(int line, int at, String signal) implements Step {}

    /** {@code expect file "/data/a" = zeros(10)}. */
    record ExpectFile(int line, Value.Text path, Value content) implements Step {}

    /** {@code expect size "/data/a" = 10}. */
    record ExpectSize(int line, Value.Text path, Value size) implements Step {}

    /** {@code expect map counts[3] = 7}. */
    record ExpectMap(int line, int at, String map, Value key, Value value) implements Step {}
}
