package org.bpfz.spec.machine;

import org.bpfz.spec.engine.Engine;
import org.bpfz.spec.engine.contract.MemoryContract;

/** The specification keeps its own contract on memory. */
class SpecificationMemoryTest extends MemoryContract {
    @Override
    protected Engine engine() {
        return new SpecificationEngine();
    }

    @Override
    protected boolean seesRegions() {
        return true;
    }
}
