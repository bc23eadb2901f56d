package org.bpfz.spec.machine;

import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Services;

/** The specification as an engine: what the others are held to. */
public final class SpecificationEngine implements Engine {
    @Override
    public String name() {
        return "spec";
    }

    @Override
    public SpecEnvironment open(Services services) {
        return new SpecEnvironment(services);
    }
}
