package org.bpfz.jit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfz.interpreter.FlatProgram;
import org.bpfz.interpreter.helper.Bindings;
import org.bpfz.spec.engine.Facts;
import org.bpfz.spec.engine.Invocation;
import org.bpfz.spec.isa.Instruction;
import org.bpfz.spec.isa.Instruction.CallTarget;
import org.jspecify.annotations.Nullable;

/**
 * A program that is compiled when it is loaded or, where that takes longer than a run, when it is run for the second time. Where it can not be
 * compiled, which is reported, the interpreter runs it, and any program of the environment that might tail-call it.
 */
final class JitProgram extends FlatProgram {
    /** Slots of a program for whose class a class file is large enough, whatever they are. */
    private static final int FITS = 4_096;

    private static final System.Logger LOG = System.getLogger(JitProgram.class.getPackageName());

    /** Instructions of a program whose first run is the interpreter's. */
    private static final int LONG = 1 << 14;

    private final Facts facts;
    private final JitOptions options;
    private final Obstacles obstacles;
    private final Map<Integer, Compiled> classes = new HashMap<>();
    private final boolean tailCalls;
    private byte[] bytes = {};
    private boolean trusts;
    private boolean waits;
    private boolean failed;

    JitProgram(Place place, Facts facts, JitOptions options) {
        super(place);
        this.facts = facts;
        this.options = options;
        obstacles = new Obstacles(place.program(), place.maps(), place.environment().services().helpers());
        tailCalls = place.program().instructions().stream().anyMatch(this::isTailCall);
        trusts = !facts.verified();
        waits = place.program().slotCount() > LONG;
        if (!waits) {
            prepare();
        }
    }

    /** Compiles the program, unless that has been done or tried; again where the arena, whose bytes are in the classes, has grown. */
    @SuppressWarnings("ReferenceEquality") // Another array, whatever is in it.
    private void prepare() {
        byte[] current = place().environment().memory().bytes();
        if (current != bytes) {
            bytes = current;
            classes.clear();
            failed = false;
        }
        if (classes.isEmpty() && !failed) {
            failed = compile(0) == null;
        }
    }

    /** Has classes made anew that do not expect {@link Anchors} to be of a raw run's memory. */
    void distrust() {
        if (trusts) {
            trusts = false;
            classes.clear();
        }
    }

    private boolean isTailCall(Instruction instruction) {
        return instruction instanceof Instruction.Call(CallTarget.Helper(int number))
                && Bindings.isTailCall(number, place().environment().services().helpers());
    }

    @Override
    protected FlatRun begin(Invocation invocation) {
        if (waits) {
            waits = false;
            return interpret(invocation);
        }
        return isInterpreted() || (tailCalls && meetsInterpreted())
                ? interpret(invocation)
                : new JitRun(place().environment(), this, invocation);
    }

    private boolean meetsInterpreted() {
        return place().environment().programs().stream()
                .anyMatch(other -> other instanceof JitProgram program && program.isInterpreted());
    }

    /** Whether the interpreter has taken over. */
    boolean isInterpreted() {
        prepare();
        return failed;
    }

    /** Whether an instruction begins at the slot. */
    boolean isInstruction(int slot) {
        return place().program().isInstruction(slot);
    }

    /** The class that has the function at the slot. */
    Compiled code(int slot) {
        prepare();
        Compiled known = classes.get(slot);
        if (known == null) {
            known = compile(slot);
        }
        if (known == null) {
            throw new IllegalStateException("slot " + slot + " of " + image().name() + " can not be compiled");
        }
        return known;
    }

    /** Compiles the function at the slot and those that it leads to; null, with a report, where that is not possible. */
    private @Nullable Compiled compile(int slot) {
        String name = "Program" + id() + "_" + slot;
        try {
            ProgramCompiler.Output output = ProgramCompiler.compile(place(), obstacles, facts, trusts, slot,
                    name);
            Compiled compiled = define(name, options.filter().apply(output.bytes()), output.classData());
            classes.put(slot, compiled);
            return compiled;
        } catch (VerifyError | ClassFormatError e) {
            if (options.strict()) {
                throw e;
            }
            return refused(e);
        } catch (IllegalArgumentException e) {
            // The program is larger than a class file may be, or a template leaves the stack unlike what it found.
            if (options.strict() && image().code().size() <= FITS) {
                throw e;
            }
            return refused(e);
        }
    }

    private @Nullable Compiled refused(Throwable reason) {
        LOG.log(System.Logger.Level.WARNING,
                image().name() + " is interpreted, since its class is not accepted: " + reason.getMessage());
        return null;
    }

    private Compiled define(String name, byte[] bytes, List<Object> classData) {
        if (options.dump() != null) {
            try {
                Files.createDirectories(options.dump());
                Files.write(options.dump().resolve(name + ".class"), bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        if (options.verified()) {
            List<VerifyError> errors = ClassFile.of().verify(bytes);
            if (!errors.isEmpty()) {
                throw errors.getFirst();
            }
        }
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            Class<?> type = classData.isEmpty()
                    ? lookup.defineHiddenClass(bytes, true).lookupClass()
                    : lookup.defineHiddenClassWithClassData(bytes, classData, true).lookupClass();
            return (Compiled) type.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }
}
