package org.bpfz.spec.engine.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.Fault;
import org.bpfz.spec.machine.SpecificationEngine;
import org.jspecify.annotations.Nullable;

/** What all parts of the contract have in common: which engine is meant, and how it is compared with the specification. */
public abstract class EngineContract {
    private static final Engine SPECIFICATION = new SpecificationEngine();

    /** The engine that is held to the contract. */
    protected abstract Engine engine();

    /** Whether it reports the faults that flat memory does not show ({@link Fault#isFlat}), at the instruction that the specification names. */
    protected boolean seesRegions() {
        return false;
    }

    /**
     * Runs a trial on the engine and requires that everything that can be seen of it is as on the specification.
     *
     * <p>Where the specification faults in a way that flat memory does not show, an engine without regions may do anything but throw.
     */
    protected final Observation observe(Trial trial) {
        Observation actual = trial.observe(engine());
        if (engine().name().equals(SPECIFICATION.name())) {
            return actual;
        }
        Observation expected = trial.observe(SPECIFICATION);
        Fault fault = expected.result().fault();
        if (fault == null) {
            assertEquals(expected, actual);
        } else if (fault.isFlat() || seesRegions()) {
            assertSameFault(fault, actual.result().fault());
            if (!(fault instanceof Fault.OutOfBudget)) {
                assertEquals(expected.maps(), actual.maps(), "maps at the fault");
                assertEquals(expected.trace(), actual.trace(), "trace at the fault");
                assertEquals(expected.result().context(), actual.result().context(), "context at the fault");
                assertEquals(expected.result().events(), actual.result().events(), "events up to the fault");
            }
        }
        return actual;
    }

    private static void assertSameFault(Fault expected, @Nullable Fault actual) {
        assertNotNull(actual, () -> "no fault; expected: " + expected);
        assertEquals(expected.getClass(), actual.getClass(), () -> "fault: " + actual);
        if (!(expected instanceof Fault.OutOfBudget)) {
            assertEquals(expected.slot(), actual.slot(), "slot of the fault");
        }
    }

    /** The return value of a run that ends without fault. */
    protected final long returned(Trial trial) {
        Observation seen = observe(trial);
        assertNull(seen.result().fault(), () -> "fault: " + seen.result().fault());
        return seen.result().r0();
    }

    /** The return value of a run of the text. */
    protected final long returned(String text) {
        return returned(Trial.of(text));
    }

    /** Requires that a trial ends in a fault of the kind that every engine reports, at the slot. */
    protected final <F extends Fault> F faults(Class<F> kind, int slot, Trial trial) {
        Fault fault = observe(trial).result().fault();
        F actual = assertInstanceOf(kind, fault);
        assertEquals(slot, actual.slot(), "slot of the fault");
        return actual;
    }

    /** Bytes from numbers. */
    protected static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
