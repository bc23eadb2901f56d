package org.bpfz.jit;

import org.bpfz.interpreter.FlatEnvironment;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Environment;
import org.bpfz.spec.engine.Services;

/**
 * The JIT behind the interface of engines.
 *
 * <p>{@code -Dbpfz.jit.dump=FOLDER} writes each class to a file there, {@code -Dbpfz.jit.verify=true} has each class verified once more,
 * {@code -Dbpfz.jit.strict=true} makes an error of a class that is refused, whose program the interpreter would take over.
 */
public final class JitEngine implements Engine {
    private final JitOptions options;

    /** The engine with the options that the system properties give. */
    public JitEngine() {
        this(JitOptions.ofProperties());
    }

    JitEngine(JitOptions options) {
        this.options = options;
    }

    @Override
    public String name() {
        return "jit";
    }

    @Override
    public Environment open(Services services) {
        return new FlatEnvironment(services, (place, facts) -> new JitProgram(place, facts, options));
    }
}
