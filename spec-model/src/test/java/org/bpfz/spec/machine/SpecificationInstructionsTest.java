package org.bpfz.spec.machine;

import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.contract.InstructionContract;

/** The specification keeps its own contract on instructions. */
class SpecificationInstructionsTest extends InstructionContract {
    @Override
    protected Engine engine() {
        return new SpecificationEngine();
    }

    @Override
    protected boolean seesRegions() {
        return true;
    }
}
