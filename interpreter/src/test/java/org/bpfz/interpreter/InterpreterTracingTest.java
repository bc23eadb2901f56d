package org.bpfz.interpreter;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.contract.EngineContract;
import org.bpfz.spec.engine.contract.Trial;
import org.junit.jupiter.api.Test;

/** The helper that decides for a probed function does so as the specification's does. */
class InterpreterTracingTest extends EngineContract {
    @Override
    protected Engine engine() {
        return new InterpreterEngine();
    }

    @Test
    void tellsWhatAProbedFunctionIsToReturn() {
        List<Long> told = new ArrayList<>();
        assertEquals(0, returned(Trial.of("r2 = -5\ncall bpf_override_return\nexit").context(new byte[168])
                .services(services -> services.withOverride(told::add))));
        // By the specification and by the engine.
        assertEquals(List.of(-5L, -5L), told);
    }
}
