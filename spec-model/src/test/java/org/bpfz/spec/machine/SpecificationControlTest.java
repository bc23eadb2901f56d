package org.bpfz.spec.machine;

import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.contract.ControlContract;

/** The specification keeps its own contract on control flow. */
class SpecificationControlTest extends ControlContract {
    @Override
    protected Engine engine() {
        return new SpecificationEngine();
    }

    @Override
    protected boolean seesRegions() {
        return true;
    }
}
